/** 作业的 GPU 在其整个生命周期内的用语。 */

import { grouped } from '$lib/format/number';
import type { JobHistoryWords } from '../en/jobHistory';

const TWO = (part: number) => part.toString().padStart(2, '0');
const gpus = (count: number) => `${grouped(count)} 块 GPU`;

export const jobHistory: JobHistoryWords = {
  title: '整个生命周期的 GPU',
  range: '显示的时间',
  ranges: { life: '全程', '1h': '最近 1 小时', '6h': '6 小时', '1d': '1 天' },
  wholeRange: '全部时间',
  pods: '各 Pod 在何时使用多少 GPU；选择其一可单独查看',
  gpus,
  all: (pods: number) => `显示全部 ${grouped(pods)} 个 Pod`,
  allGpus: '全部 GPU',
  of: (pod: string) => `${pod} 的 GPU`,
  each: '其全部 GPU 的均值；底色为其中的最小值与最大值',
  none: '未发现其 Pod 使用过 GPU。',
  noFigures: '这段时间没有其 GPU 的测量值。',
  notKept: '尚未记录 Pod 与 GPU 的对应关系。',
  keptSince: (at: Date) =>
    `自 ${at.getFullYear()}-${TWO(at.getMonth() + 1)}-${TWO(at.getDate())} ${TWO(at.getHours())}:${TWO(at.getMinutes())} 起在 Strata 打开时记录；此前已结束的未知。`,
  counted: '≈ 哪块 GPU 属于哪个 Pod 是按数量推算的',
  shared: '部分 GPU 同时被其他 Pod 使用，读数为合计。',
  queueThen: (queue: string) => `等待期间的 ${queue}`,
  queueOwn: (gpus: number) => `自有配额 ${grouped(gpus)}`,
  queueHeld: '队列已准入作业持有的 GPU',
  queueNote: '来自本机记录；未记录的时段以斜线表示',
  queueNone: '那段时间没有该队列的记录。',
  left: (count: number) => `较早 Pod 的 ${gpus(count)}未列出。`,
};
