/** The words of the Workstation view. */

import type {
  AcceleratorState,
  AcceleratorVendor,
  ContainerRuntime,
  ProcessUse,
} from '$bindings/contract';
import { grouped } from '$lib/format/number';

export const workstation = {
  title: 'Workstation',
  reading: 'Reading this machine',
  starting: 'Asking the drivers of its accelerators',
  machine: 'Machine',
  cpu: 'CPU',
  memory: 'Memory',
  threads: (count: number) => `${grouped(count)} threads`,
  ofTotal: (total: string) => `of ${total}`,
  swap: (amount: string) => `swap ${amount}`,
  swapUnused: 'no swap in use',
  read: 'Disk read',
  written: 'Disk written',
  received: 'Net received',
  sent: 'Net sent',
  more: (count: number) => `+${grouped(count)} more`,
  driver: (version: string) => `driver ${version}`,
  cuda: (version: string) => `CUDA ${version}`,
  cost: (calls: number, took: string) => `${grouped(calls)} calls, ${took} in the driver`,
  costWhy: (slowest: string, took: string) =>
    `What reading cost the last time. The slowest call: ${slowest}, ${took}`,
  accelerators: 'Accelerators',
  none: 'This machine has no accelerator that Strata can read.',
  noneNext:
    'NVIDIA accelerators are read through NVML, AMD and Intel ones through sysfs. The demo cluster shows what you would see here.',
  demo: 'Open the demo cluster',
  interrupted: 'not read now',
  gpu: (index: number) => `GPU ${grouped(index)}`,
  open: (index: number) => `All readings of GPU ${grouped(index)}`,
  state: {
    answers: 'answers',
    suspended: 'asleep',
    lost: 'off the bus',
    needs_reset: 'needs a reset',
  } satisfies Record<AcceleratorState, string>,
  vendor: { nvidia: 'NVIDIA', amd: 'AMD', intel: 'Intel' } satisfies Record<
    AcceleratorVendor,
    string
  >,
  activity: 'Active',
  framebuffer: 'Framebuffer',
  power: 'Power',
  temperature: 'Temperature',
  clock: 'SM clock',
  lastMinutes: 'last 2.5 min',
  notTold: 'not told',
  ago: (span: string) => `${span} ago`,
  processes: 'Processes',
  processesNone: 'No process is on an accelerator.',
  processesUnknown: 'The driver does not list its processes.',
  column: {
    gpu: 'GPU',
    pid: 'PID',
    user: 'User',
    memory: 'Memory',
    activity: 'Utilization',
    started: 'Running for',
    place: 'Where',
    command: 'Command',
    end: 'End',
  },
  unknownOwner: 'not a process of this machine’s /proc',
  pod: 'pod',
  uses: { compute: 'compute', graphics: 'graphics', both: 'compute and graphics' } satisfies Record<
    ProcessUse,
    string
  >,
  runtime: {
    docker: 'Docker',
    containerd: 'containerd',
    cri_o: 'CRI-O',
    podman: 'Podman',
    lxc: 'LXC',
    nspawn: 'nspawn',
    slurm: 'Slurm job',
    unnamed: 'container',
  } satisfies Record<ContainerRuntime, string>,
  holders: {
    title: 'Who holds the memory',
    nameless: 'a process',
    untold: 'used, by whom is not told',
    reserved: 'driver',
    free: 'free',
    why: {
      untold: 'the driver’s own, or processes that it does not tell of',
      reserved: 'kept by the driver and its firmware',
      free: 'what a model that is started now can have',
    },
  },
  links: 'NVLink',
  down: 'down',
  instances: 'MIG instances',
};

export type WorkstationWords = typeof workstation;
