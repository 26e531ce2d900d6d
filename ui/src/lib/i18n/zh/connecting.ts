/** 连接集群及读取的文字。 */

import type { connecting as english } from '../en/connecting';

export const connecting: typeof english = {
  step: {
    configuration: '配置',
    credentials: '凭据',
    name: '域名',
    tcp: 'TCP',
    tls: 'TLS',
    authentication: '认证',
    permission: '权限',
    version: '版本',
  },

  stepMeaning: {
    configuration: '读取上下文的条目、文件与证书',
    credentials: '如有凭据插件则运行',
    name: '解析服务器域名',
    tcp: '建立连接',
    tls: '校验证书',
    authentication: '服务器接受凭据',
    permission: '可以列出节点',
    version: '服务器返回版本',
  },

  outcome: {
    passed: '通过',
    not_needed: '不需要',
    limited: '受限',
    failed: '失败',
    skipped: '未尝试',
  },

  connection: {
    idle: '未连接',
    connecting: '连接中',
    live: '实时',
    stale: '停滞',
    failed: '失败',
    needs_approval: '待批准',
  },

  watchState: {
    loading: '读取中',
    live: '实时',
    stale: '停滞',
    forbidden: '无权限',
    partial: '部分',
    failed: '失败',
    not_served: '不提供',
  },
};
