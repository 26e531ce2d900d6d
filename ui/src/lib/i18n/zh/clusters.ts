/** 集群视图的文字。 */

import { grouped } from '$lib/format/number';
import type { clusters as english } from '../en/clusters';

export const clusters: typeof english = {
  title: '集群',
  lead: '选择要查看的集群。连接只读取，不做任何更改。',
  contexts: (count) => `${grouped(count)} 个上下文`,
  filter: '筛选上下文',
  none: '未找到 kubeconfig 文件。请按路径添加。',
  noneFiltered: (filter) => `没有包含“${filter}”的上下文。`,
  demo: '演示集群',
  demoWhere: '在本程序内，不经网络',
  current: '当前上下文',
  problems: '无法读取',
  addTitle: '添加 kubeconfig 文件',
  addPlaceholder: '~/clusters/team.yaml',
  server: '服务器',
  file: '文件',
  user: '用户',
  openIt: '打开',
  connecting: (name) => `正在连接 ${name}`,
  settingUp: '正在建立演示集群',
  settingUpWhy: '正在生成节点、Pod 和 GPU；一千个节点约需十秒。',
  idle: (name) => `${name} 未连接`,
  idleWhy: '打开时即连接。',
  gone: '此集群已不在任何 kubeconfig 文件中',
  goneWhy: '其上下文已被删除或改名。请另选，或添加其文件。',
  failedAt: (step) => `在“${step}”失败`,
  onlyYou: '在有变更之前不会再重试。',
  approvalTitle: '可以运行此程序吗？',
  approvalWhy:
    'kubeconfig 要求运行此命令以取得凭据。它以你的身份运行，请确认可信后再批准；每条命令只询问一次。',
  approvalDigest: '摘要',
  report: '逐步检查连接',
  diagnosing: '正在逐步尝试',
  took: (milliseconds) => `${grouped(milliseconds)} 毫秒`,
};
