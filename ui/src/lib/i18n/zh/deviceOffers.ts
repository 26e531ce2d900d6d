/** 驱动为申请发布的设备（DRA）的用语。 */

import { grouped } from '$lib/format/number';
import type { DeviceOfferWords } from '../en/deviceOffers';

export const deviceOffers: DeviceOfferWords = {
  title: '驱动为申请发布的设备（DRA）',
  driver: '驱动',
  kind: '类型',
  model: '型号',
  class: '设备类',
  classNote: '选择器写明驱动和类型的设备类；其他选择器不作推断',
  some: '（部分）',
  nodes: '节点',
  published: '已发布',
  allocated: '已分配',
  tainted: '有污点',
  taintNote: 'ResourceSlice 中的污点；DeviceTaintRule 添加的污点此处未知',
  taints: '污点：',
  notKnown: '未知：未能读取申请',
  lists: {
    slices: '发布的设备（ResourceSlice）',
    claims: '分配给申请的设备（ResourceClaim）',
    classes: '设备类（DeviceClass）',
  },
  forbidden: '未知；缺少的权限：',
  failed: '未知；未能读取列表，将会重试：',
  stale: (since) => `截至 ${since}：`,
  loading: '正在读取列表',
  notServed: '此集群不提供',
  incomplete: (pools) =>
    `${grouped(pools)} 个资源池缺少 ResourceSlice：其设备不会被分配，也不计入任何数字。`,
  note: '驱动可能同时发布整块设备及其可能的各个分区，因此各行不相加。',
};
