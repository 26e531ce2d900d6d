/** 单个 GPU 详情的用语。 */

import type { GpuPanelWords } from '../en/gpuPanel';

export const gpuPanel: GpuPanelWords = {
  faults: '问题',
  cordonOrDrain: '停止调度、排空…',
  openNode: '打开节点',
  nodePage: (node) => `打开 ${node}：停止调度、排空、编辑`,
  openJob: '在“作业”中打开：状态、日志、挂起、取消',
  processes: 'Exporter 只报告容器，不报告其中的进程。右侧的命令可列出进程（镜像中需有 ps）。',
  copyProcesses: '复制列出其进程的命令',
  explainHint: '点击名称查看含义',
  about: {
    activity: '活动',
    memory: '显存',
    heat: '温度与功耗',
    clocks: '时钟',
    errors: 'XID、ECC、行重映射',
    links: 'PCIe 与 NVLink',
  },
  clocksNotTold: '未导出时钟事件原因。',
  migNote: '按显存，不分先后',
  migRest: '未划入任何实例',
  node: '节点',
  memory: '显存',
  pci: 'PCI 地址',
  driver: '驱动',
  exporter: '测量来源',
  uuid: 'UUID',
  gone: '此 GPU 不存在。',
  goneNext: '其节点可能已被移除，或提供的 GPU 比之前少。',
};
