/** 已不在集群中的作业的文字。 */

import type { pastJobs as english } from '../en/pastJobs';

export const pastJobs: typeof english = {
  gone: '已不在集群中',
  short: '已不在',
  show: '同时显示已不在集群中的作业',
  title: '该作业已不在集群中',
  why: '它已被删除，或在结束后被清理。以下内容保存在本机上。',
  closed: (at) => `它在 Strata 关闭期间消失，最后看到于 ${at}。以下内容保存在本机上。`,
  ended: {
    succeeded: '它当时已成功结束。',
    failed: '它当时已失败。',
    otherwise: (state) => `最后一次看到时：${state}。`,
  },
  outcome: '最后状态',
  queued: '排队时间',
  started: '开始时间',
  finished: '结束时间',
  missed: '消失时间',
  unseen: '消失时 Strata 未在查看',
  seen: '最后看到于',
  gpus: '请求的 GPU',
  queue: '队列',
  owner: '所有者',
  namespace: '命名空间',
  reason: '最后的说明',
};
