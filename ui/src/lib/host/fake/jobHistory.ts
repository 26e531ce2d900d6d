/** What the GPUs of a job of the design data did, and its queue: two workers, begun anew, and a gap. */

import type {
  HistoryChart,
  JobHistory,
  JobHistoryQuestion,
  JobHolding,
  UsageHistory,
  UsagePart,
  UsageQuestion,
} from '$bindings/contract';
import { ago, random } from './phrases';

const STEPS = 240;
const SECONDS = 60;
const LIFE = STEPS * SECONDS;
/** Steps in which nothing held GPUs, and in which nothing was measured. */
const RESTART = [90, 97] as const;
const GAP = [150, 164] as const;
const GPUS = [0, 1, 2, 3, 4, 5, 6, 7];

function holding(pod: string, from: number, until: number | undefined): JobHolding[] {
  return GPUS.map((index) => ({
    pod,
    node: `gpu-h100-0${pod.includes('-1-') ? 2 : 1}`,
    index,
    began_at: ago(LIFE - from * SECONDS),
    ...(until === undefined ? {} : { ended_at: ago(LIFE - until * SECONDS) }),
    is_counted: false,
    is_shared: false,
  }));
}

function chart(
  figure: HistoryChart['figure'],
  unit: HistoryChart['unit'],
  middle: number,
  swing: number,
): HistoryChart {
  const next = random(middle);
  const means = Array.from({ length: STEPS }, (_, step) => {
    const isGap = [RESTART, GAP].some(([from, until]) => step >= from && step < until);
    const saves = step % 30 === 29 && unit !== 'bytes' ? 0.5 : 1;
    return isGap ? null : (middle + (next() - 0.5) * swing) * saves;
  });
  const beside = (by: number) => means.map((mean) => (mean === null ? null : mean + by * swing));
  return { figure, unit, means, least: beside(-0.8), most: beside(0.6) };
}

export function jobHistory({ name, pod }: JobHistoryQuestion): JobHistory {
  const holdings = [
    ...holding(`${name}-node-0-0-x7k2p`, 0, RESTART[0]),
    ...holding(`${name}-node-0-1-q9d4z`, 0, RESTART[0]),
    ...holding(`${name}-node-0-0-m3v8c`, RESTART[1], undefined),
    ...holding(`${name}-node-0-1-t5w6n`, RESTART[1], undefined),
  ];
  return {
    kept_since: ago(3 * 86_400),
    began_at: ago(LIFE),
    holdings,
    more: 0,
    steps: { begins: ago(LIFE), seconds: SECONDS, count: STEPS },
    charts: [
      chart('sm_active', 'ratio', pod === '' ? 0.87 : 0.9, 0.08),
      chart('memory_used', 'bytes', 71 * 2 ** 30, 2 ** 30),
      chart('power', 'watts', 612, 60),
    ],
    keeping: { file: '', bytes: '0', set_aside: '', lost: '0' },
  };
}

/** What the queues held over `span`: all is taken, then a job ends. */
export function usageHistory({ by, span }: UsageQuestion): UsageHistory {
  const count = Math.max(1, Math.ceil(span.seconds / 30));
  const end = span.until === '' ? Date.now() : Date.parse(span.until);
  const held = Array.from({ length: count }, (_, step) =>
    step < count * 0.2 ? null : step < count * 0.8 ? 268 : 252,
  );
  const part = (name: string): UsagePart => ({
    ...(by === undefined ? {} : { by }),
    name,
    total: [],
    held,
    idle_held: [],
    unhealthy: [],
    measured: [],
    used: [],
    hours: { total: 0, held: 0, idle_held: 0, unhealthy: 0, measured: 0, used: 0 },
    by_model: [],
  });
  return {
    steps: { begins: new Date(end - span.seconds * 1000).toISOString(), seconds: 30, count },
    parts: by === 'queue' ? ['research', 'training', 'batch', 'notebooks'].map(part) : [],
    known_seconds: count * 30,
    incidents: [],
    keeping: { file: '', bytes: '0', set_aside: '', lost: '0' },
  };
}
