/** The GPUs of the design data: a fleet of nodes with eight each, and what they did. */

import type {
  Figure,
  FigureUnit,
  GpuBlockRow,
  GpuCapacityRow,
  GpuColour,
  GpuComparison,
  GpuComparisonQuestion,
  GpuDetailRow,
  GpuFitRow,
  GpuHistory,
  GpuHistoryQuestion,
  GpuHolder,
  GpuMapRow,
  GpuOfferRow,
  GpuRow,
  GpuShareOf,
  GpuShareRow,
  GpuState,
  GpuStates,
  OneGpu,
  Span,
  Topic,
} from '$bindings/contract';
import { ago, phrase, random } from './phrases';

const GIB = 2 ** 30;
const MODELS = [
  { name: 'H100 80GB HBM3', short: 'h100', memory: 80 * GIB },
  { name: 'A100 80GB', short: 'a100', memory: 80 * GIB },
] as const;
const OWNERS = ['ada', 'grace', 'team-search', 'team-speech', ''];

const LETTER: Record<GpuState, string> = {
  free: 'f',
  allocated: 'a',
  idle_held: 'i',
  unhealthy: 'u',
  unknown: '?',
};

function groupedBy(
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
    const model = number % 4 === 3 ? MODELS[1] : MODELS[0];
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
          activity_figure: 'sm_active',
          memory_used: isHeld ? model.memory * (0.7 + 0.2 * luck) : 0.6 * GIB,
          memory_total: model.memory,
          temperature: 34 + Math.round(38 * activity),
          power: 80 + 600 * activity,
        }),
    ...(state === 'idle_held' ? { idle_since: ago(5_400) } : {}),
  };
}

function statesOf(gpus: readonly GpuRow[]): GpuStates {
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
    sm_active: one.activity,
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

export function gpuDetail(one: GpuRow): GpuDetailRow {
  const reading = (figure: Figure, unit: FigureUnit, value: number | undefined) => ({
    figure,
    unit,
    source: 'dcgm' as const,
    at: ago(4),
    ...(value === undefined ? { absence: 'not_told' as const } : { value }),
  });
  const isBroken = one.state === 'unhealthy';
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
    clock_reasons: [],
    readings: [
      reading('sm_active', 'ratio', one.activity),
      reading('memory_used', 'bytes', one.memory_used),
      reading('temperature', 'celsius', one.temperature),
      reading('power', 'watts', one.power),
      reading('ecc_uncorrected', 'count', isBroken ? undefined : 0),
    ],
    instances: [],
    engines: [],
  };
}

export function gpuCapacity(gpus: readonly GpuRow[]): {
  capacity: GpuCapacityRow;
  shares: GpuShareRow[];
  fits: GpuFitRow[];
  offers: GpuOfferRow[];
} {
  const used = gpus.reduce((sum, one) => sum + (one.activity ?? 0), 0);
  const ways: [GpuShareOf, (one: GpuRow) => string][] = [
    ['model', (one) => one.model],
    ['namespace', (one) => one.holders[0]?.namespace ?? ''],
    ['queue', (one) => one.holders[0]?.queue ?? ''],
    ['owner', (one) => one.holders[0]?.owner ?? ''],
  ];
  const shares = ways.flatMap(([by, nameOf]) => {
    const parts = groupedBy(
      gpus.filter((one) => by === 'model' || one.holders.length > 0),
      nameOf,
    );
    return [...parts].map(([name, all]): GpuShareRow => {
      const held = all.filter((one) => one.holders.length > 0);
      const models = groupedBy(held, (one) => one.model);
      const sum = (some: readonly GpuRow[]) =>
        some.reduce((at, one) => at + (one.activity ?? 0), 0);
      return {
        by,
        name,
        kind: '',
        held: held.length,
        used: sum(held),
        idle_held: held.filter(({ state }) => state === 'idle_held').length,
        not_measured: 0,
        ...(by === 'model' ? { total: all.length } : {}),
        by_model: [...models].map(([model, own]) => ({
          model,
          held: own.length,
          used: sum(own),
          not_measured: 0,
        })),
      };
    });
  });
  return {
    capacity: { states: statesOf(gpus), used, used_figure: 'sm_active', not_measured: 0 },
    shares,
    fits: MODELS.map(({ name }) => {
      const free = gpus.filter((one) => one.model === name && one.state === 'free').length;
      return {
        model: name,
        free,
        largest_pod: free === 0 ? 0 : 8,
        gangs: [8, 4, 2, 1].map((each) => ({ gpus_each: each, pods: Math.floor(free / each) })),
        stranded: [],
      };
    }),
    offers: MODELS.map(({ name }): GpuOfferRow => {
      const own = gpus.filter(({ model }) => model === name);
      const lost = own.filter(({ state }) => state === 'unhealthy').length;
      return {
        resource: 'nvidia.com/gpu',
        model: name,
        division: 'whole',
        nodes: own.length / 8,
        capacity: own.length,
        allocatable: own.length - lost,
        requested: own.filter(({ holders }) => holders.length > 0).length,
      };
    }),
  };
}

const KEPT = {
  file: '/home/ada/.local/share/strata/history.db',
  bytes: '48234496',
  problem: '',
  set_aside: '',
  lost: '0',
};

const CURVES: readonly [Figure, FigureUnit, (busy: number) => number][] = [
  ['sm_active', 'ratio', (busy) => busy],
  ['memory_used', 'bytes', (busy) => (66 + 6 * busy) * GIB],
  ['power', 'watts', (busy) => 80 + 590 * busy],
  ['temperature', 'celsius', (busy) => Math.round(34 + 36 * busy)],
];

function stepsOf({ until, seconds, points }: Span) {
  const step = [30, 60, 300, 600, 1_800, 3_600, 10_800].find((one) => seconds <= one * points);
  const end = until === '' ? Date.now() : Date.parse(until);
  const width = step ?? 21_600;
  const count = Math.floor(seconds / width) + 1;
  const begins = Math.floor(end / 1000 / width - count + 1) * width;
  return { begins: new Date(begins * 1000).toISOString(), seconds: width, count };
}

/** How busy a GPU was in each step: the waves of a job with its checkpoints, and a gap. */
function busyOf({ node, index }: OneGpu, begins: number, step: number, count: number) {
  let seed = 7;
  for (const one of `${node}${index}`) seed = Math.imul(seed, 31) + (one.codePointAt(0) ?? 0);
  const next = random(seed >>> 0);
  const level = 0.62 + 0.3 * next();
  return Array.from({ length: count }, (_, at) => {
    if (at > count * 0.62 && at < count * 0.68) return null;
    const second = begins + at * step;
    const isSaving = (second + index * 40) % 1_500 < 90;
    return isSaving ? 0.08 : Math.min(1, level + 0.05 * Math.sin(second / 700) + 0.04 * next());
  });
}

export function gpuHistory(question: GpuHistoryQuestion): GpuHistory {
  const steps = stepsOf(question.span);
  const busy = busyOf(question, Date.parse(steps.begins) / 1000, steps.seconds, steps.count);
  return {
    steps,
    charts: CURVES.map(([figure, unit, of]) => {
      const scaled = (by: number) =>
        busy.map((one) => (one === null ? null : of(Math.max(0, Math.min(1, one * by)))));
      return { figure, unit, means: scaled(1), least: scaled(0.93), most: scaled(1.05) };
    }),
    keeping: KEPT,
  };
}

export function gpuComparison(question: GpuComparisonQuestion): GpuComparison {
  const steps = stepsOf(question.span);
  const begins = Date.parse(steps.begins) / 1000;
  const all = question.gpus.map((one) => busyOf(one, begins, steps.seconds, steps.count));
  const first = question.gpus[0];
  if (question.with_earlier && first !== undefined) {
    const length = steps.seconds * steps.count;
    all.push(busyOf(first, begins - length, steps.seconds, steps.count));
  }
  return {
    steps,
    charts: CURVES.map(([figure, unit, of]) => ({
      figure,
      unit,
      lines: all.map((busy) => busy.map((one) => (one === null ? null : of(one)))),
    })),
    keeping: KEPT,
  };
}
