/** What the GPUs of the design data did: one over time, several beside each other, all at one moment. */

import type {
  Figure,
  FigureUnit,
  GpuComparison,
  GpuComparisonQuestion,
  GpuHistory,
  GpuHistoryQuestion,
  GpuMoment,
  GpuMomentQuestion,
  GpuRow,
  OneGpu,
  Span,
  UsageHistory,
} from '$bindings/contract';
import { gpuMap } from './gpus';
import { random } from './phrases';

const GIB = 2 ** 30;

export const KEPT = {
  file: '/home/ada/.local/share/strata/history.db',
  bytes: '48234496',

  set_aside: '',
  lost: '0',
};

const CURVES: readonly [Figure, FigureUnit, (busy: number) => number][] = [
  ['sm_active', 'ratio', (busy) => busy],
  ['engine_active', 'ratio', (busy) => Math.min(1, 1.12 * busy)],
  ['memory_used', 'bytes', (busy) => (66 + 6 * busy) * GIB],
  ['power', 'watts', (busy) => 80 + 590 * busy],
  ['temperature', 'celsius', (busy) => Math.round(34 + 36 * busy)],
];

/** The same of an NPU, which has no multiprocessors and less memory. */
const NPU_CURVES: typeof CURVES = [
  ['ai_core_utilization', 'ratio', (busy) => busy],
  ['memory_used', 'bytes', (busy) => (52 + 6 * busy) * GIB],
  ...CURVES.filter(([figure]) => figure === 'power' || figure === 'temperature'),
];

const curvesOf = (node: string) => (node.startsWith('gpu-npu') ? NPU_CURVES : CURVES);

export function stepsOf({ until, seconds, points }: Span) {
  const step = [30, 60, 300, 600, 1_800, 3_600, 10_800].find((one) => seconds <= one * points);
  const end = until === '' ? Date.now() : Date.parse(until);
  const width = step ?? 21_600;
  const count = Math.floor(seconds / width) + 1;
  const begins = Math.floor(end / 1000 / width - count + 1) * width;
  return { begins: new Date(begins * 1000).toISOString(), seconds: width, count };
}

/** How busy a GPU was in each step: the waves of a job with its checkpoints, and a gap. */
export function busyOf({ node, index }: OneGpu, begins: number, step: number, count: number) {
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
    charts: curvesOf(question.node).map(([figure, unit, of]) => {
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

/** Strata was not open in these parts of whatever time is looked at. */
const CLOSED: readonly (readonly [number, number])[] = [
  [0, 0.16],
  [0.55, 0.63],
];

function isClosed(share: number): boolean {
  return CLOSED.some(([from, until]) => share >= from && share < until);
}

/** How many GPUs there were and what they did, with the times of which nothing is kept. */
export function clusterUsage(gpus: readonly GpuRow[], span: Span): UsageHistory {
  const steps = stepsOf(span);
  const total = gpus.length;
  const known = Array.from({ length: steps.count }, (_, at) => !isClosed(at / steps.count));
  const list = (value: (at: number) => number) => known.map((is, at) => (is ? value(at) : null));
  const busy = (at: number) => 0.6 + 0.2 * Math.sin(at / 14) + 0.05 * Math.sin(at * 1.7);
  const hours = (known.filter(Boolean).length * steps.seconds) / 3_600;
  return {
    steps,
    parts: [
      {
        name: '',
        total: list(() => total),
        held: list(() => total * 0.88),
        idle_held: list(() => total * 0.04),
        unhealthy: list(() => 1),
        figure: 'sm_active',
        measured: list(() => total * 0.88),
        used: list((at) => total * busy(at)),
        hours: {
          total: total * hours,
          held: total * 0.88 * hours,
          idle_held: total * 0.04 * hours,
          unhealthy: hours,
          measured: total * 0.88 * hours,
          used: total * 0.6 * hours,
        },
        by_model: [],
      },
    ],
    known_seconds: hours * 3_600,
    incidents: [],
    keeping: KEPT,
  };
}

/** All of them at one moment. */
export function gpuMoment(gpus: readonly GpuRow[], question: GpuMomentQuestion): GpuMoment {
  const step = question.step_seconds * 1000;
  const begins = Math.floor(Date.parse(question.at) / step) * step;
  const ago = (Date.now() - begins) / 1000;
  const range = [3_600, 86_400, 7 * 86_400].find((length) => ago <= length) ?? 30 * 86_400;
  const { head, blocks } = gpuMap(gpus, question.colour, begins / step);
  const isKnown = question.colour !== 'state' && !isClosed(1 - ago / range);
  const shown = blocks.map(({ mean, ...block }) => ({
    ...block,
    ...(isKnown && mean !== undefined ? { mean } : {}),
    lines: block.lines.map((line) => ({
      ...line,
      cordoned: false,
      values: isKnown ? line.values : line.values.map(() => -1),
      states: '?'.repeat(line.indices.length),
      severities: '.'.repeat(line.indices.length),
    })),
  }));
  const absent = shown.flatMap(({ lines }) => lines.flatMap(({ values }) => values));
  return {
    head: {
      ...head,
      is_now: false,
      at: question.at,
      without_value: absent.filter((value) => value < 0).length,
    },
    blocks: shown,
    begins: new Date(begins).toISOString(),
    step_seconds: question.step_seconds,
    keeping: KEPT,
  };
}
