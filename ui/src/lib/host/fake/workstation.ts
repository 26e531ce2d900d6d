/** A workstation with one GPU, for a page without an engine: what can be done to it is done to this. */

import type { Row } from '$bindings/contract';
import { accelerator } from './workstation/device';
import { machine } from './workstation/machine';
import { processes } from './workstation/processes';

export { accelerator } from './workstation/device';
export { endProcess } from './workstation/ending';
export { machine } from './workstation/machine';
export { keepingOf, machineHistory } from './workstation/past';
export { processes } from './workstation/processes';
export { decideTrial, setDevice } from './workstation/setting';

interface Told {
  readonly id: string;
  readonly row: Row;
}

/** Scenes in which no device was ever read. */
const UNREAD = ['none', 'mismatch', 'forbidden', 'loading'];

/** The rows of the topic, in their order. */
export function workstationRows(scene: string): Told[] {
  const own: Told[] = [{ id: 'machine', row: { row: 'workstation', ...machine(scene) } }];
  if (UNREAD.includes(scene)) return own;
  const held: Told[] = processes().map((row) => ({
    id: `process/${row.pid}`,
    row: { row: 'process', ...row },
  }));
  return [...own, { id: 'device', row: { row: 'accelerator', ...accelerator(scene) } }, ...held];
}
