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
  notKept: '当前的测量值没有被保存。',
  setAside: '历史文件已损坏，已重新开始。旧文件在：',
  inMemory: '保存到 Strata 退出为止',
  onDisk: (size: string) => `保存在本机 · ${size}`,
  savePicture: '另存为',
  definition: {
    sm_active: '多处理器上有线程束的周期占比',
    engine_active: '引擎工作的时间占比',
    utilization: '有任一内核运行的时间占比',
    memory_used: '已用显存',
    temperature: '芯片温度',
    power: '功耗',
  },
};
