/** 设备申请（DRA）表格的用语。 */

import type { DeviceClaimWords } from '../en/deviceClaims';

export const deviceClaims: DeviceClaimWords = {
  title: '设备申请',
  by: 'DRA 申请',
  claim: '申请',
  state: '状态',
  states: { pending: '等待中', allocated: '已分配', reserved: '使用中' },
  device: '设备',
  node: '节点',
  pod: '保留给',
  age: '时长',
  none: '没有 ResourceClaim：这里没有 Pod 通过 DRA 申请设备。',
  noneNext: '通过扩展资源申请的设备见其他列表。',
};
