/** Who holds a device's memory, as parts of the whole: pure, so that sums and names can be tested. */

import type { AcceleratorRow, ProcessRow } from '$bindings/contract';
import { find } from './figures';

/** A part of a device's memory. */
export interface Part {
  readonly key: string;
  /** A process, what the driver keeps, what is used and not told of, what is free. */
  readonly kind: 'process' | 'reserved' | 'untold' | 'free';
  /** The process's program; empty for what is none's. */
  readonly name: string;
  readonly process: ProcessRow | null;
  readonly bytes: number;
  /** How wide it is, as a share of the device's memory. */
  readonly share: number;
}

/** What runs another program: it is not what holds the memory. */
const INTERPRETER =
  /^(python[\d.]*|pypy[\d.]*|node|bash|sh|zsh|java|conda|uv|poetry|accelerate|torchrun)$/;

/** What people call the program of a command line: `vllm`, `train.py`, `Xorg`. */
export function program(command: string): string {
  const [first = '', ...rest] = command.trim().split(/\s+/);
  const name = base(first);
  if (!INTERPRETER.test(name)) return name;
  const module = rest.indexOf('-m');
  const named = module < 0 ? undefined : rest[module + 1];
  if (named !== undefined) return named.split('.')[0] ?? named;
  // What follows an interpreter's own options; a program that itself starts another is passed over.
  const script = rest.find((word) => !word.startsWith('-') && !/^(run|launch)$/.test(word));
  return script === undefined ? name : INTERPRETER.test(base(script)) ? name : base(script);
}

function base(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/**
 * The parts of the memory of `row`, the largest process first; `null` where its size or use is not known.
 * What is used by nobody that was told of stands by itself, and is never given to somebody.
 */
export function parts(row: AcceleratorRow, processes: readonly ProcessRow[]): Part[] | null {
  const used = find(row.readings, 'memory_used')?.value;
  const total = find(row.readings, 'memory_total')?.value;
  if (used === undefined || total === undefined || total <= 0) return null;
  const part = (key: string, kind: Part['kind'], bytes: number): Part => ({
    key,
    kind,
    name: '',
    process: null,
    bytes,
    share: bytes / total,
  });
  const held = processes
    .filter((one) => one.device === row.device)
    .flatMap((process) => {
      const bytes = process.memory.value ?? 0;
      const key = `${process.pid}/${process.instance}`;
      return bytes <= 0
        ? []
        : [{ ...part(key, 'process', bytes), name: program(process.command), process }];
    })
    .sort((one, other) => other.bytes - one.bytes);
  const told = held.reduce((sum, { bytes }) => sum + bytes, 0);
  // Lists and totals are of different moments: what is told may be more than what is used.
  const untold = Math.max(0, used - told);
  const reserved = find(row.readings, 'memory_reserved')?.value ?? 0;
  const free = Math.max(0, total - Math.max(used, told) - reserved);
  return [
    ...held,
    part('untold', 'untold', untold),
    part('reserved', 'reserved', reserved),
    part('free', 'free', free),
  ].filter(({ bytes }) => bytes > 0);
}
