/** 设备申请（DRA）表格的用语。 */

import type { DeviceClaimWords } from '../en/deviceClaims';

export const deviceClaims: DeviceClaimWords = {
  title: '设备申请',
  by: 'DRA 申请',
  claim: '申请',
  namespace: '命名空间',
  state: '状态',
  states: { pending: '等待中', allocated: '已分配', reserved: '使用中' },
  device: '设备',
  driver: '驱动',
  node: '节点',
  pod: '保留给',
  age: '时长',
  loading: '正在读取申请列表。',
  notServed: '没有 ResourceClaim：此集群不提供 DRA（resource.k8s.io）。',
  forbidden: '未知：此处无权列出申请。缺少的权限：',
  failed: '未知：未能读取申请列表，将会重试。',
  none: '没有 ResourceClaim：这里没有 Pod 通过 DRA 申请设备。',
  noneNext: '通过扩展资源申请的设备见其他列表。',
};
