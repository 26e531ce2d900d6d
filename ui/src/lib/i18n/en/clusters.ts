/** The words of the Clusters view. */

import { grouped } from '$lib/format/number';
import { plural } from './plural';

export const clusters = {
  title: 'Clusters',
  lead: 'Choose what to look at. Connecting reads; it changes nothing.',
  contexts: (count: number) => plural(count, 'context', 'contexts'),
  filter: 'Filter contexts',
  none: 'No kubeconfig file was found. Add one by its path.',
  noneFiltered: (filter: string) => `No context contains “${filter}”.`,
  demo: 'demo cluster',
  demoWhere: 'inside this program, no network',
  current: 'current context',
  problems: 'Could not be read',
  addTitle: 'Add a kubeconfig file',
  addPlaceholder: '~/clusters/team.yaml',
  server: 'Server',
  file: 'File',
  user: 'User',
  openIt: 'Open',
  connecting: (name: string) => `Connecting to ${name}`,
  settingUp: 'The demo cluster is being set up',
  settingUpWhy: 'Its nodes, pods and GPUs are made now; a thousand nodes take some ten seconds.',
  idle: (name: string) => `${name} is not connected`,
  idleWhy: 'It connects when you open it.',
  gone: 'This cluster is no longer in any kubeconfig file',
  goneWhy: 'Its context was removed or renamed. Choose another, or add its file.',
  failedAt: (step: string) => `Failed at ${step}`,
  onlyYou: 'No further attempt is made until something changes.',
  approvalTitle: 'May this program be run?',
  approvalWhy:
    'The kubeconfig wants this command to be run for credentials. It runs as you. Approve it only if you know it; you are asked once for each command.',
  approvalDigest: 'digest',
  report: 'Connection, step by step',
  diagnosing: 'Trying each step',
  took: (milliseconds: number) => `${grouped(milliseconds)} ms`,
};
