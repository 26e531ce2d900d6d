/** What runs on this machine, as the view lists and judges it. Pure. */

import type {
  AcceleratorRow,
  Check,
  LocalBeginning,
  LocalContainer,
  LocalContainers,
  LocalPlace,
  LocalRun,
  LocalRuntimeKind,
  ReadingRow,
  Recipe,
  RenderedRecipe,
  Severity,
} from '$bindings/contract';
import type { Dictionary } from '$lib/i18n/en';
import { lineOf, valuesLine, type CheckLine } from '../checks';

/** What stands in the select of targets for this machine; no cluster has this id. */
export const THIS_MACHINE = '';

/** A container or model, or what is on its way to be one. */
export interface LocalLine {
  /** `RUNTIME/NAME`, as the address has it. */
  readonly id: string;
  readonly runtime: LocalRuntimeKind;
  readonly name: string;
  readonly container: LocalContainer | null;
  /** How far it is on its way; absent once it runs. */
  readonly beginning: LocalBeginning | null;
}

export function idOf(runtime: LocalRuntimeKind, name: string): string {
  return `${runtime}/${name}`;
}

/** The two parts of an id; `null` where it is none. */
export function partsOf(id: string): { runtime: LocalRuntimeKind; name: string } | null {
  const [runtime, ...rest] = id.split('/');
  const name = rest.join('/');
  const isKnown = runtime === 'docker' || runtime === 'podman' || runtime === 'ollama';
  return isKnown && name !== '' ? { runtime, name } : null;
}

/** What the runtimes told, as lines: what is on its way first, then what runs, then the rest, by name. */
export function linesOf(
  told: readonly { runtime: LocalRuntimeKind; found: LocalContainers }[],
): LocalLine[] {
  const lines = told.flatMap(({ runtime, found: { containers, beginnings } }): LocalLine[] => {
    // What came to run is told by its container.
    const open = beginnings.filter(({ stage }) => stage !== 'started');
    return [
      ...containers.map((container) => ({
        id: idOf(runtime, container.name),
        runtime,
        name: container.name,
        container,
        beginning: open.find(({ name }) => name === container.name) ?? null,
      })),
      ...open
        .filter(({ name }) => !containers.some((container) => container.name === name))
        .map((beginning) => ({
          id: idOf(runtime, beginning.name),
          runtime,
          name: beginning.name,
          container: null,
          beginning,
        })),
    ];
  });
  return lines.sort(
    (one, other) => rankOf(one) - rankOf(other) || one.name.localeCompare(other.name),
  );
}

function rankOf({ container, beginning }: LocalLine): number {
  if (beginning !== null && beginning.stage !== 'called_off') return 0;
  return container?.is_running === true ? 1 : 2;
}

/** The lines that every word of `filter` is found in. */
export function filtered(lines: readonly LocalLine[], filter: string): LocalLine[] {
  const words = filter.toLowerCase().split(/\s+/);
  return lines.filter(({ name, runtime, container }) => {
    const text = [name, runtime, container?.image, container?.recipe].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function severityOf({ container, beginning }: LocalLine): Severity | 'paused' {
  if (beginning !== null) {
    if (beginning.stage === 'called_off') return 'paused';
    return beginning.stage === 'failed' ? 'critical' : 'notice';
  }
  if (container === null) return 'unknown';
  if (container.is_running) return 'ok';
  return isFailed(container) ? 'critical' : 'paused';
}

/** 143 and 137 are what a container ends with that was told to stop. */
function isFailed({ exit_code: code }: LocalContainer): boolean {
  return code !== undefined && ![0, 137, 143].includes(code);
}

/** How a line stands, in words. */
export function stateText(
  { runtime, container, beginning }: LocalLine,
  words: Dictionary['local'],
): string {
  if (beginning !== null) return words.stage[beginning.stage];
  if (container === null) return '';
  if (runtime === 'ollama') return container.is_running ? words.state.loaded : words.state.onDisk;
  if (container.is_running) return words.state.running;
  if (isFailed(container)) return words.state.failed(container.exit_code ?? 1);
  return container.exit_code === 0 ? words.state.ended : words.state.stopped;
}

/** Whether it is on its way now: being fetched, or started. */
export function isOnItsWay({ stage }: Pick<LocalBeginning, 'stage'>): boolean {
  return stage === 'pulling' || stage === 'starting';
}

/** How much of what is fetched is here, from 0 to 1; `null` where that is not known. */
export function shareFetched({
  done_bytes: done,
  total_bytes: total,
}: LocalBeginning): number | null {
  return total > 0 ? Math.min(1, done / total) : null;
}

/** Kinds that one machine has a counterpart for; what has none is left out, and said. */
const PLAIN = [
  'Deployment.apps',
  'StatefulSet.apps',
  'Job.batch',
  'Pod',
  'Service',
  'PersistentVolumeClaim',
];

/** Whether a recipe may come to one container: the engine says for certain once it is filled in. */
export function mayRun({ kinds }: Recipe): boolean {
  return kinds.length > 0 && kinds.every(({ kind }) => PLAIN.includes(kind));
}

/** The checks of a recipe on this machine. */
export function checksOf(
  rendered: Pick<RenderedRecipe, 'errors'>,
  run: LocalRun | null,
  touched: ReadonlySet<string>,
  words: Dictionary,
): CheckLine[] {
  const labels = words.deploy.checks;
  const lines = [valuesLine(rendered, touched, labels, words.local.way.right)];
  if (run === null || rendered.errors.length > 0) return lines;
  const checks: Check[] = run.checks;
  const obstacle = run.obstacle;
  if (obstacle !== undefined && !checks.some(({ sentence }) => sentence.code === obstacle.code)) {
    lines.push({
      id: 'obstacle',
      label: words.local.way.obstacle,
      severity: 'critical',
      said: obstacle,
      details: [],
    });
  }
  return [...lines, ...checks.map((check) => lineOf(check, labels))];
}

/** Whether it may be begun: nothing stands in the way that would keep it from running. */
export function mayBegin(run: LocalRun | null): boolean {
  return (
    run !== null &&
    run.errors.length === 0 &&
    run.obstacle === undefined &&
    run.checks.every(({ subject, state }) => state !== 'failed' || subject === 'fit')
  );
}

/** What is known of a GPU's memory: in bytes, `null` where its driver does not tell. Never 0 for unknown. */
interface GpuMemory {
  readonly index: number;
  readonly all: number | null;
  readonly used: ReadingRow | null;
  readonly free: number | null;
}

/** The GPU that limits what fits: of the first `count`, or of all for 0, the one with least free. */
export function fullest(devices: readonly AcceleratorRow[], count: number): GpuMemory | null {
  const inOrder = [...devices].sort((one, other) => one.index - other.index);
  const given = (count === 0 ? inOrder : inOrder.slice(0, count)).map(memoryOf);
  return (
    given.find(({ free }) => free === null) ??
    given.reduce<GpuMemory | null>(
      (least, gpu) => (least === null || (gpu.free ?? 0) < (least.free ?? 0) ? gpu : least),
      null,
    )
  );
}

function memoryOf({ index, readings }: AcceleratorRow): GpuMemory {
  const all = readings.find(({ figure }) => figure === 'memory_total')?.value ?? null;
  const used = readings.find(({ figure }) => figure === 'memory_used') ?? null;
  const free =
    all === null || used?.value === undefined ? null : Math.max(0, Math.round(all - used.value));
  return { index, all: all === null ? null : Math.round(all), used, free };
}

// Sequences that colour and move, as terminals take them (ECMA-48).
// eslint-disable-next-line no-control-regex -- they are what this is about
const SEQUENCE = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

/** A log as lines: without what colours it; of a line that was written over, what stood last. */
export function logLines(text: string): string[] {
  const lines = text.replace(SEQUENCE, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.replace(/\r$/, '').split('\r').at(-1) ?? '');
}

/** The places that may not be opened, whose remedy is known. */
export function forbidden(places: readonly LocalPlace[]): LocalPlace[] {
  return places.filter(({ state }) => state === 'forbidden');
}

/** What has a user opened to a socket: joining its group. */
export function joinCommand(group: string): string {
  return `sudo usermod -aG ${group} "$USER"`;
}

/** What starts a runtime that is installed. */
export const START = [
  'sudo systemctl start docker',
  'systemctl --user start podman.socket',
  'ollama serve',
] as const;
