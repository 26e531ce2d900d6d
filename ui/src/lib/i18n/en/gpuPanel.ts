/** The words of the detail of one GPU. */

import type { About } from '$lib/format/readings';

export const gpuPanel = {
  faults: 'What is wrong',
  cordonOrDrain: 'Cordon, drain…',
  openNode: 'Open the node',
  nodePage: (node: string) => `Open ${node}: cordon, drain, edit`,
  openJob: 'Open in Jobs: why it runs, its logs, suspend, cancel',
  processes:
    'Exporters tell the container, not its processes. The command beside it lists them, where its image has ps.',
  copyProcesses: 'Copy the command that lists its processes',
  explainHint: 'choose a name to read what it means',
  about: {
    activity: 'Activity',
    memory: 'Memory',
    heat: 'Heat and power',
    clocks: 'Clocks',
    errors: 'XIDs, ECC, remapped rows',
    links: 'PCIe and NVLink',
  } satisfies Record<About, string>,
  clocksNotTold: 'Clocks event reasons are not exported.',
  migNote: 'by memory, in no order',
  migRest: 'in no instance',
  node: 'Node',
  memory: 'Memory',
  pci: 'PCI address',
  driver: 'Driver',
  exporter: 'Measured by',
  uuid: 'UUID',
  gone: 'This GPU is not there.',
  goneNext: 'Its node may have been removed, or gives out fewer than before.',
};

export type GpuPanelWords = typeof gpuPanel;
