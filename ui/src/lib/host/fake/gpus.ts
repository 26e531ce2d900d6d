/** The GPUs of the design data: a fleet of nodes with eight each, and what they did. */

import type {
  Figure,
  FigureUnit,
  GpuBlockRow,
  GpuColour,
  GpuDetailRow,
  GpuHolder,
  GpuInstance,
  GpuMapRow,
  GpuRow,
  GpuState,
  GpuStates,
  Topic,
} from '$bindings/contract';
import { ago, phrase, random } from './phrases';

const GIB = 2 ** 30;
export const MODELS = [
  { name: 'H100 80GB HBM3', short: 'h100', memory: 80 * GIB, figure: 'sm_active' },
  { name: 'A100 80GB', short: 'a100', memory: 80 * GIB, figure: 'sm_active' },
  { name: 'Ascend 910B3', short: 'npu', memory: 64 * GIB, figure: 'ai_core_utilization' },
] as const;
const OWNERS = ['ada', 'grace', 'team-search', 'team-speech', ''];

const LETTER: Record<GpuState, string> = {
  free: 'f',
  allocated: 'a',
  idle_held: 'i',
  unhealthy: 'u',
  unknown: '?',
};

export function groupedBy(
  gpus: readonly GpuRow[],
  nameOf: (one: GpuRow) => string,
): Map<string, GpuRow[]> {
  const groups = new Map<string, GpuRow[]>();
  for (const one of gpus) {
    const group = groups.get(nameOf(one)) ?? [];
    group.push(one);
    groups.set(nameOf(one), group);
  }
  return groups;
}

/** The GPUs of `count` nodes. */
export function fleet(count: number): GpuRow[] {
  const next = random(7);
  return Array.from({ length: count }, (_, number) => {
    const model = MODELS[number % 24 === 23 ? 2 : number % 4 === 3 ? 1 : 0];
    const node = `gpu-${model.short}-${(number + 1).toString().padStart(4, '0')}`;
    return Array.from({ length: 8 }, (__, index) => {
      const state: GpuState =
        number === 2 && index === 3
          ? 'unhealthy'
          : number % 9 === 4
            ? 'free'
            : number % 7 === 5 && index > 4
              ? 'idle_held'
              : 'allocated';
      return gpu(node, index, number, model, state, next());
    });
  }).flat();
}

function gpu(
  node: string,
  index: number,
  number: number,
  model: (typeof MODELS)[number],
  state: GpuState,
  luck: number,
): GpuRow {
  const isHeld = state === 'allocated' || state === 'idle_held';
  const job = Math.floor(number / 3);
  const holder: GpuHolder = {
    namespace: `team-${(job % 5) + 1}`,
    pod: `pretrain-${job}-worker-${number % 3}`,
    container: 'trainer',
    instance: '',
    workload_group: 'kubeflow.org',
    workload_kind: 'PyTorchJob',
    workload: `pretrain-${job}`,
    queue: `research-${job % 2}`,
    owner: OWNERS[job % OWNERS.length] ?? '',
  };
  const activity = state === 'allocated' ? 0.55 + 0.44 * luck : 0;
  return {
    node,
    index,
    uuid: `GPU-${number.toString(16).padStart(8, '0')}-${index}`,
    model: model.name,
    zone: number % 2 === 0 ? 'fra-1' : 'fra-2',
    rack: `r${(Math.floor(number / 8) + 1).toString().padStart(2, '0')}`,
    state,
    severity: state === 'unhealthy' ? 'critical' : state === 'idle_held' ? 'notice' : 'ok',
    holders: isHeld ? [holder] : [],
    is_by_count: false,
    shared: false,
    is_stale: false,
    measured_at: ago(4),
    ...(state === 'unhealthy'
      ? { xid: 79 }
      : {
          activity,
          activity_figure: model.figure,
          memory_used: isHeld ? model.memory * (0.7 + 0.2 * luck) : 0.6 * GIB,
          memory_total: model.memory,
          temperature: 34 + Math.round(38 * activity),
          power: 80 + 600 * activity,
        }),
    ...(state === 'idle_held' ? { idle_since: ago(5_400) } : {}),
  };
}

export function statesOf(gpus: readonly GpuRow[]): GpuStates {
  const count = (state: GpuState) => gpus.filter((one) => one.state === state).length;
  return {
    total: gpus.length,
    free: count('free'),
    allocated: count('allocated'),
    idle_held: count('idle_held'),
    unhealthy: count('unhealthy'),
    unknown: count('unknown'),
  };
}

/** The share of the scale at which a GPU is; `null` where that is not known. */
function shareOf(one: GpuRow, colour: GpuColour): number | null {
  const of: Partial<Record<GpuColour, number | undefined>> = {
    sm_active: one.activity_figure === 'sm_active' ? one.activity : undefined,
    ai_core_utilization: one.activity_figure === 'ai_core_utilization' ? one.activity : undefined,
    memory_used:
      one.memory_used === undefined || one.memory_total === undefined
        ? undefined
        : one.memory_used / one.memory_total,
    temperature: one.temperature === undefined ? undefined : one.temperature / 100,
    power: one.power === undefined ? undefined : one.power / 700,
  };
  return of[colour] ?? null;
}

/** The map's head, and a block for each rack; values move a little with every `turn`. */
export function gpuMap(
  gpus: readonly GpuRow[],
  colour: GpuColour,
  turn: number,
): { head: GpuMapRow; blocks: GpuBlockRow[] } {
  const next = random(turn + 1);
  const racks = groupedBy(gpus, (one) => one.rack);
  const blocks = [...racks].map(([name, own]): GpuBlockRow => {
    const known: number[] = [];
    const nodes = groupedBy(own, (one) => one.node);
    const lines = [...nodes].map(([node, cards]) => ({
      node,
      cordoned: false,
      indices: cards.map(({ index }) => index),
      values: cards.map((one) => {
        const share = shareOf(one, colour);
        if (share === null) return -1;
        const moved = share === 0 ? 0 : Math.min(1, share * (0.97 + 0.06 * next()));
        known.push(moved);
        return Math.round(moved * 1000);
      }),
      states: cards.map(({ state }) => LETTER[state]).join(''),
      severities: cards.map(({ severity }) => (severity === 'critical' ? 'c' : '.')).join(''),
    }));
    const sum = known.reduce((total, share) => total + share, 0);
    return {
      section: own[0]?.zone ?? '',
      name,
      models: [...new Set(own.map(({ model }) => model))],
      lines,
      ...(known.length === 0 ? {} : { mean: sum / known.length }),
    };
  });
  const units: Partial<Record<GpuColour, FigureUnit>> = { temperature: 'celsius', power: 'watts' };
  const most: Partial<Record<GpuColour, number>> = { temperature: 100, power: 700 };
  const exporters = new Set(gpus.map(({ node }) => node)).size;
  return {
    head: {
      colour,
      unit: units[colour] ?? 'ratio',
      least: 0,
      most: most[colour] ?? 1,
      at: ago(2),
      is_now: true,
      is_whole: true,
      states: statesOf(gpus),
      without_value: gpus.filter((one) => shareOf(one, colour) === null).length,
      exporters: {
        asked: exporters,
        live: exporters,
        stale: 0,
        failed: 0,
        failure: '',
        forbidden: '',
        rejected: 0,
        bytes_per_minute: exporters * 240_000,
        seconds_per_minute: exporters * 0.08,
      },
    },
    blocks,
  };
}

/** The rows of the table: words and selections of the filter, and the order, as the engine has them. */
export function gpusOf(
  gpus: readonly GpuRow[],
  { filter, sort, window }: Extract<Topic, { topic: 'gpus' }>,
): { rows: GpuRow[]; total: number } {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const isLet = (one: GpuRow) =>
    words.every((word) => {
      const on = /^on=(.+):(\d+)-(\d+)$/.exec(word);
      if (on !== null)
        return one.node === on[1] && one.index >= Number(on[2]) && one.index <= Number(on[3]);
      const names = [one.node, one.model, one.rack, one.state.replace('_held', '')];
      const held = one.holders.flatMap(({ namespace, workload, queue, owner }) => [
        namespace,
        workload,
        queue,
        owner,
      ]);
      return [...names, ...held].some((name) => name.toLowerCase().includes(word));
    });
  const found = gpus.filter(isLet);
  const by = (one: GpuRow) =>
    sort.by === 'activity' ? (one.activity ?? -1) : sort.by === 'power' ? (one.power ?? -1) : 0;
  const sorted = found.toSorted((one, other) => by(one) - by(other));
  if (sort.descending) sorted.reverse();
  return { rows: sorted.slice(window.first, window.first + window.count), total: found.length };
}

/** Of the readings that a data centre's device has, as the DCGM exporter tells them, those of one at work. */
const AT_WORK: readonly [Figure, FigureUnit, number][] = [
  ['utilization', 'ratio', 0.98],
  ['sm_occupancy', 'ratio', 0.41],
  ['tensor_active', 'ratio', 0.37],
  ['dram_active', 'ratio', 0.52],
  ['memory_reserved', 'bytes', 0.6 * GIB],
  ['memory_temperature', 'celsius', 71],
  ['power_limit', 'watts', 700],
  ['energy', 'joules', 8.1e8],
  ['sm_clock', 'megahertz', 1_755],
  ['memory_clock', 'megahertz', 2_619],
  ['clocks_event_reasons', 'code', 4],
  ['thermal_violation', 'seconds', 0],
  ['power_violation', 'seconds', 5_400],
  ['ecc_corrected', 'count', 3],
  ['rows_remapped_corrected', 'count', 1],
  ['rows_remapped_uncorrected', 'count', 0],
  ['row_remap_failure', 'code', 0],
  ['pcie_tx', 'bytes_per_second', 2.1e8],
  ['pcie_rx', 'bytes_per_second', 3.4e8],
  ['pcie_replays', 'count', 0],
  ['nvlink_tx', 'bytes_per_second', 8.8e10],
  ['nvlink_rx', 'bytes_per_second', 8.7e10],
];

/** The node of the scene whose GPUs are divided. */
const IS_DIVIDED = /-0006$/;

function instancesOf({ node, holders }: GpuRow): GpuInstance[] {
  if (!IS_DIVIDED.test(node)) return [];
  const pod = holders[0] === undefined ? '' : `${holders[0].namespace}/${holders[0].pod}`;
  return [
    { profile: '3g.40gb', id: '1', activity: 0.62, holder: pod },
    { profile: '2g.20gb', id: '5', activity: 0, holder: '' },
    { profile: '1g.10gb', id: '9', holder: '' },
  ];
}

export function gpuDetail(one: GpuRow): GpuDetailRow {
  const isNpu = one.activity_figure === 'ai_core_utilization';
  const reading = (figure: Figure, unit: FigureUnit, value: number | undefined) => ({
    figure,
    unit,
    source: isNpu ? ('npu_exporter' as const) : ('dcgm' as const),
    at: ago(4),
    ...(value === undefined ? { absence: 'not_told' as const } : { value }),
  });
  const isBroken = one.state === 'unhealthy';
  const isAtWork = one.state === 'allocated';
  return {
    gpu: one,
    pci: '00000000:1B:00.0',
    driver: '580.65.06',
    exporter: 'gpu-operator/nvidia-dcgm-exporter-7h2kd',
    exporter_failure: '',
    node_allocatable: isBroken ? 7 : 8,
    node_capacity: 8,
    faults: isBroken
      ? [
          {
            severity: 'critical',
            title: phrase('XID 79: GPU has fallen off the bus', 'XID 79：GPU 已从总线上掉线'),
            meaning: phrase(
              'The driver cannot reach the device over PCIe.',
              '驱动无法通过 PCIe 访问该设备。',
            ),
            action: phrase(
              'Drain the node and reset it; if it comes back, have the card replaced.',
              '排空节点并重启；若再次出现，请更换该卡。',
            ),
          },
        ]
      : [],
    clock_reasons: isAtWork ? [phrase('held down by the power limit', '受功率上限限制')] : [],
    readings: [
      reading(one.activity_figure ?? 'sm_active', 'ratio', one.activity),
      reading('memory_used', 'bytes', one.memory_used),
      reading('temperature', 'celsius', one.temperature),
      reading('power', 'watts', one.power),
      reading('ecc_uncorrected', 'count', isBroken ? undefined : 0),
      ...(isNpu ? [] : [reading('last_xid', 'code', isBroken ? 79 : 0)]),
      ...(isAtWork && !isNpu
        ? AT_WORK.map(([figure, unit, value]) => reading(figure, unit, value))
        : []),
    ],
    instances: instancesOf(one),
    engines: [],
  };
}
