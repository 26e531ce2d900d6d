/** The words of this machine's own past. */

export const machinePast = {
  show: 'History',
  title: 'This machine',
  gone: 'GPUs that are not read now',
  parts: { disks: 'Disks', networks: 'Networks' },
  used: (used: string, total: string) => `${used} of ${total}`,
  drawn: (amount: string) => `${amount} drawn`,
  drawnWhy: 'By the counter of its driver, which goes on while Strata is not open.',
};

export type MachinePastWords = typeof machinePast;
