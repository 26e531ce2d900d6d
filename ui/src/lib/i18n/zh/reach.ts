/** 只能看到部分命名空间时的用语。 */

import { grouped } from '$lib/format/number';
import type { ReachWords } from '../en/reach';

export const reach: ReachWords = {
  partial: (count) => `${grouped(count)} 项仅限部分命名空间`,
  alone: (namespaces) => `仅限 ${namespaces}`,
  aloneIn: (count) => `仅限 ${grouped(count)} 个命名空间`,
  kinds: (count, namespaces) => `${grouped(count)} 种对象只能在 ${namespaces} 中看到。`,
  refusedIn: (namespaces) => `${namespaces} 无权限`,
  notYetIn: (namespaces) => `正在读取 ${namespaces}`,
  staleIn: (namespaces) => `${namespaces} 已停滞`,
  failedIn: (namespaces) => `${namespaces} 读取失败`,
  missing: (permission) => `整个集群缺少权限：${permission}`,
  grantLead: '管理员用这两条命令为你的用户名授予整个集群的权限。',
  copyGrant: '复制命令',
  jobs: (namespaces) =>
    `部分类型无权在整个集群中列出，其作业只显示 ${namespaces} 中的。缺少的权限：`,
  claims: (namespaces) => `${namespaces} 中没有；其他命名空间无权列出。缺少的权限：`,
  title: '命名空间',
  lead: '无权在整个集群中列出某种对象时，改为在这些命名空间中监视。',
  cluster: '集群',
  own: '来自上下文',
  named: '还有',
  placeholder: 'team-a, team-b',
  most: (count) => `用逗号或空格分隔，最多 ${grouped(count)} 个。`,
  save: '保存',
  saved: '已保存，今后将监视它们。',
  filter: '部分类型无权在整个集群中列出：其他命名空间不可见。',
};
