/** What the address keeps of the GPUs view, with what is meant where it keeps nothing. */

import type { GpuColour, GpuColumn, GpuGrouping, GpuNodeColumn } from '$bindings/contract';
import type { TableOrder } from '$lib/components/windowTable';
import { seconds, type Range } from '$lib/charts/ranges';

export const SHOWN = ['map', 'table', 'share'] as const;
export type Shown = (typeof SHOWN)[number];

/** What the map is coloured by: what is asked for most, then what else exporters tell. */
export const COLOURS: readonly GpuColour[] = [
  'sm_active',
  'utilization',
  'memory_used',
  'temperature',
  'power',
  'state',
];
export const MORE_COLOURS: readonly GpuColour[] = [
  'engine_active',
  'ai_core_utilization',
  'sm_occupancy',
  'tensor_active',
  'dram_active',
  'memory_temperature',
  'sm_clock',
  'pcie_tx',
  'pcie_rx',
  'nvlink_tx',
  'nvlink_rx',
  'ecc_corrected',
  'ecc_uncorrected',
];

export const GROUPINGS: readonly GpuGrouping[] = [
  'rack',
  'zone',
  'node',
  'model',
  'queue',
  'namespace',
  'owner',
];

/** How far back the scrubber of the map goes. */
export const BACKS = ['1h', '1d', '7d', '30d'] as const satisfies readonly Range[];
export type Back = (typeof BACKS)[number];

/** What the table of GPUs can be ordered by, and that of nodes. */
const ORDERS: readonly GpuColumn[] = [
  'state',
  'node',
  'model',
  'activity',
  'memory',
  'temperature',
  'power',
  'xid',
  'holder',
  'workload',
  'queue',
  'idle',
  'measured',
];
const NODE_ORDERS: readonly GpuNodeColumn[] = [
  'stranded',
  'node',
  'model',
  'capacity',
  'allocatable',
  'unhealthy',
  'requested',
  'used',
  'free',
];

interface GpuOptions {
  readonly show: Shown;
  readonly heat: GpuColour;
  readonly by: GpuGrouping;
  readonly filter: string;
  readonly order: TableOrder<GpuColumn>;
  /** The GPU that is open, as `node/index`; empty for none. */
  readonly open: string;
  /** How far back the scrubber goes. */
  readonly back: Back;
  /** How long ago the moment is that the map shows; 0 for now. */
  readonly secondsAgo: number;
}

function one<Value extends string>(
  known: readonly Value[],
  text: string | undefined,
  fallback: Value,
): Value {
  return known.find((value) => value === text) ?? fallback;
}

export function optionsOf(kept: Readonly<Record<string, string>>): GpuOptions {
  const back = one(BACKS, kept['back'], '1h');
  return {
    show: one(SHOWN, kept['show'], 'map'),
    heat: one([...COLOURS, ...MORE_COLOURS], kept['heat'], 'sm_active'),
    by: one(GROUPINGS, kept['by'], 'rack'),
    filter: kept['filter'] ?? '',
    order: orderIn(kept['sort'], ORDERS, 'state'),
    open: kept['open'] ?? '',
    back,
    secondsAgo: Math.max(
      0,
      Math.min(seconds(back) - stepOf(back), Number.parseInt(kept['ago'] ?? '0', 10) || 0),
    ),
  };
}

/** The order of the table of nodes. */
export function nodeOrderOf(kept: Readonly<Record<string, string>>): TableOrder<GpuNodeColumn> {
  return orderIn(kept['nodes'], NODE_ORDERS, 'stranded');
}

/** The order that `text` names, `-power` for the most first; without one the most of `fallback` comes first. */
function orderIn<Column extends string>(
  text: string | undefined,
  columns: readonly Column[],
  fallback: Column,
): TableOrder<Column> {
  return {
    by: one(columns, text?.replace(/^-/, ''), fallback),
    descending: text === undefined || text.startsWith('-'),
  };
}

/** The order as the address keeps it. */
export function orderText({ by, descending }: TableOrder<string>): string {
  return `${descending ? '-' : ''}${by}`;
}

/** How long the steps are in which the scrubber goes back, in seconds: what is kept of that time. */
export function stepOf(back: Back): number {
  return { '1h': 30, '1d': 300, '7d': 1_800, '30d': 10_800 }[back];
}

/** The node and the number of `node/index`; `null` where it is neither. */
export function gpuOf(open: string): { node: string; index: number } | null {
  const at = open.lastIndexOf('/');
  const index = Number.parseInt(open.slice(at + 1), 10);
  return at <= 0 || Number.isNaN(index) ? null : { node: open.slice(0, at), index };
}
