/** 按节点列出 GPU 的表格用语。 */

import { grouped } from '$lib/format/number';
import type { GpuNodeWords } from '../en/gpuNodes';

export const gpuNodes: GpuNodeWords = {
  title: '各节点的 GPU',
  by: '节点',
  column: {
    node: '节点',
    model: '型号',
    capacity: '总量',
    allocatable: '可分配',
    requested: '已申请',
    used: '已使用',
    free: '空闲',
    unhealthy: '不健康',
    stranded: '无法利用',
  },
  why: '无法利用的原因',
  shared: '共享',
  notMeasured: '未测量，或按其他定义测量',
  without: (count: number) => `${grouped(count)} 个未测量`,
};
