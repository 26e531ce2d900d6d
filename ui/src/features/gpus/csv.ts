/** The table of GPUs as text for a spreadsheet: what is not known says so, and is never 0. */

import type { GpuHolder, GpuRow } from '$bindings/contract';
import { plain } from '$lib/format/text';

/** The heads of the columns, with units: the same in every language, for programs that read them. */
const HEADS = [
  'node',
  'gpu',
  'uuid',
  'model',
  'zone',
  'rack',
  'state',
  'severity',
  'reason',
  'activity_ratio',
  'activity_definition',
  'memory_used_bytes',
  'memory_total_bytes',
  'temperature_celsius',
  'power_watts',
  'xid',
  'pods',
  'workloads',
  'queues',
  'owners',
  'is_shared',
  'is_by_count',
  'idle_since',
  'measured_at',
  'is_stale',
] as const;

const UNKNOWN = 'unknown';

/** Says a phrase of the engine. */
type Say = (phrase: NonNullable<GpuRow['reason']>) => string;

/** `gpus` as lines of comma-separated values (RFC 4180). */
export function csvOf(gpus: readonly GpuRow[], say: Say): string {
  const lines = [HEADS, ...gpus.map((gpu) => cellsOf(gpu, say))];
  return lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

function cellsOf(gpu: GpuRow, say: Say): string[] {
  const figure = (value: number | undefined) => (value === undefined ? UNKNOWN : `${value}`);
  const held = (pick: (holder: GpuHolder) => string) =>
    text([...new Set(gpu.holders.map(pick))].filter((name) => name !== '').join(' '));
  return [
    text(gpu.node),
    `${gpu.index}`,
    text(gpu.uuid),
    text(gpu.model),
    text(gpu.zone),
    text(gpu.rack),
    gpu.state,
    gpu.severity,
    gpu.reason === undefined ? '' : text(say(gpu.reason)),
    figure(gpu.activity),
    gpu.activity_figure ?? '',
    figure(gpu.memory_used),
    figure(gpu.memory_total),
    figure(gpu.temperature),
    figure(gpu.power),
    gpu.xid === undefined ? '' : `${gpu.xid}`,
    held(({ namespace, pod }) => `${namespace}/${pod}`),
    held(({ namespace, workload_kind: kind, workload }) => `${kind}/${namespace}/${workload}`),
    held(({ queue }) => queue),
    held(({ owner }) => owner),
    `${gpu.shared}`,
    `${gpu.is_by_count}`,
    gpu.idle_since ?? '',
    gpu.measured_at ?? '',
    `${gpu.is_stale}`,
  ];
}

/** Text of a cluster: what a spreadsheet would take for a formula begins with an apostrophe. */
function text(said: string): string {
  const shown = plain(said);
  return /^[=+\-@]/.test(shown) ? `'${shown}` : shown;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
