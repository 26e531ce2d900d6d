/** 随时间变化的图表的用语。 */

import type { HistoryWords } from '../en/history';

const TWO = (part: number) => part.toString().padStart(2, '0');

export const history: HistoryWords = {
  title: '历史',
  range: '显示的时间',
  ranges: { '1h': '1 小时', '6h': '6 小时', '1d': '1 天', '7d': '7 天', '30d': '30 天' },
  wholeRange: '全部时间',
  none: '这段时间没有记录。Strata 只在打开时记录。',
  noValue: '无值',
  last: (value: string) => `最近 ${value}`,
  moment: (at: Date) =>
    `${at.getMonth() + 1}月${at.getDate()}日 ${TWO(at.getHours())}:${TWO(at.getMinutes())}`,
  latest: '最近的值',
  cursor: '方向键移动光标，按住 Shift 选取时间段，Enter 放大',
  toggle: (name: string) => `显示或隐藏 ${name}`,
  compare: '对比',
  comparisons: {
    none: '不对比',
    earlier: '之前的同样时长',
    node: '同节点的 GPU',
    job: '同作业的 GPU',
    model: '同型号的 GPU',
  },
  before: '之前',
  besideOf: (shown: string, of: string) => `其他 ${of} 个中最空闲的 ${shown} 个`,
  nobodyBeside: '没有可以对比的其他 GPU。',
  notRecorded: '历史未记录',
  notKept: '当前的测量值没有被保存。',
  notKeptSince: (at: string) => `自 ${at} 起的测量值没有被保存。`,
  setAside: '历史文件已损坏，已重新开始。旧文件在：',
  inMemory: '保存到 Strata 退出为止',
  onDisk: (size: string) => `保存在本机 · ${size}`,
  lost: (count: string) => `丢失了 ${count} 个值`,
  savePicture: '另存为',
};
