/** The words of this machine's own past. */

import type { Figure } from '$bindings/contract';

export const machinePast = {
  show: 'History',
  title: 'This machine',
  gone: 'GPUs that are not read now',
  parts: { disks: 'Disks', networks: 'Networks' },
  used: (used: string, total: string) => `${used} of ${total}`,
  drawn: (amount: string) => `${amount} drawn`,
  drawnWhy: 'By the counter of its driver, which goes on while Strata is not open.',
  name: {
    disk_read: 'Disk read',
    disk_written: 'Disk written',
    network_received: 'Network received',
    network_sent: 'Network sent',
  } as Partial<Record<Figure, string>>,
  definition: {
    sm_clock: 'clock of the multiprocessors',
    cpu_utilization: 'share of time in which the processors worked, over all of them',
    host_memory_used: 'memory that is not available to a program that starts',
    swap_used: 'memory that was moved to disk',
    disk_read: 'read from all disks',
    disk_written: 'written to all disks',
    network_received: 'received over the hardware’s interfaces',
    network_sent: 'sent over the hardware’s interfaces',
  } as Partial<Record<Figure, string>>,
};

export type MachinePastWords = typeof machinePast;
