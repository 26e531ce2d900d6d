/** 为集群指定 Prometheus 的用语。 */

import type { PrometheusWords } from '../en/prometheus';

export const prometheus: PrometheusWords = {
  title: 'Prometheus',
  lead: '无法通过 API 服务器访问 exporter 时，由独立地址上的 Prometheus 提供其测量值。',
  cluster: '集群',
  url: '地址',
  urlPlaceholder: 'https://prometheus.example:9090',
  credentials: '凭据',
  by: { nothing: '无', bearer: '令牌', basic: '用户名和密码' },
  user: '用户名',
  secretOf: { bearer: '令牌', basic: '密码' },
  in: { file: '在文件中', environment: '在环境变量中' },
  place: { file: '文件路径', environment: '变量名' },
  placeNote: 'Strata 只保存密钥所在的位置，从不保存密钥本身。',
  authority: '证书',
  authorityPlaceholder: 'PEM 文件；留空则使用系统信任的证书',
  isPlain: '不使用 TLS 时，凭据会以明文经过网络。',
  attempt: '测试',
  trying: '正在查询…',
  save: '保存',
  saved: '已保存，今后将查询它。',
  forget: '移除',
  forgotten: '已移除，改用在集群中找到的 Prometheus。',
  notGiven: '未指定：使用在集群中找到的 Prometheus。',
  given: '已指定：',
  found: (version: string, devices: string, milliseconds: string) =>
    `${version === '' ? '有响应' : `Prometheus ${version}`} · ${devices} 个加速器的读数 · ${milliseconds} ms`,
  missing: (why: string) => `返回的数据不完整：${why}`,
  noDevices: '有响应，但没有最近两分钟的加速器读数。',
};
