import type { DeviceErrorWords } from '../en/deviceErrors';

export const deviceErrors: DeviceErrorWords = {
  title: '驱动报告的错误',
  none: '开始观察以来没有。',
  noneSince: (moment) => `据内核日志，${moment} 以来没有。`,
  knownSince: (moment) => `据内核日志，${moment} 以来的全部错误。`,
  past: '在 Strata 开始观察之前',
  earlier: (span) => `或最多早 ${span}（此后机器曾休眠）`,
};
