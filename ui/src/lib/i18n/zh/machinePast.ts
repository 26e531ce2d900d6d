/** 本机历史的用语。 */

import type { MachinePastWords } from '../en/machinePast';

export const machinePast: MachinePastWords = {
  show: '历史',
  title: '本机',
  gone: '当前未读取的 GPU',
  parts: { disks: '磁盘', networks: '网络' },
  used: (used: string, total: string) => `${used} / ${total}`,
  drawn: (amount: string) => `耗电 ${amount}`,
  drawnWhy: '来自驱动自身的计数器，Strata 未打开时也在累计。',
};
