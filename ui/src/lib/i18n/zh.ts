/** The interface's own words in simplified Chinese. */

import { grouped } from '$lib/format/number';
import type { Dictionary } from './en';
import { activity } from './zh/activity';
import { change } from './zh/change';
import { clusters } from './zh/clusters';
import { connecting } from './zh/connecting';
import { deed } from './zh/deed';
import { deploy } from './zh/deploy';
import { deviceClaims } from './zh/deviceClaims';
import { deviceErrors } from './zh/deviceErrors';
import { deviceOffers } from './zh/deviceOffers';
import { figureDefinitions } from './figures';
import { links } from './zh/links';
import { gpuNodes } from './zh/gpuNodes';
import { gpuPanel } from './zh/gpuPanel';
import { gpuPast } from './zh/gpuPast';
import { gpus } from './zh/gpus';
import { history } from './zh/history';
import { map } from './zh/map';
import { jobHistory } from './zh/jobHistory';
import { jobs } from './zh/jobs';
import { pastJobs } from './zh/pastJobs';
import { prometheus } from './zh/prometheus';
import { reach } from './zh/reach';
import { releases } from './zh/releases';
import { playground } from './zh/playground';
import { local } from './zh/local';
import { machine } from './zh/machine';
import { machinePast } from './zh/machinePast';
import { windowTable } from './zh/windowTable';
import { workstation } from './zh/workstation';
import { usagePicture } from './zh/usagePicture';

export const zh: Dictionary = {
  tongue: '简体中文',

  activity,
  change,
  deed,
  deploy,
  releases,

  gpus,
  deviceClaims,
  deviceOffers,
  gpuNodes,
  deviceErrors,
  figures: figureDefinitions('zh'),
  links,
  gpuPanel,
  gpuPast,
  windowTable,
  history,
  usagePicture,
  jobHistory,
  pastJobs,
  prometheus,
  reach,
  playground,
  workstation,
  local,
  machine,
  machinePast,

  severity: {
    ok: '正常',
    paused: '已暂停',
    unknown: '未知',
    notice: '提示',
    warning: '警告',
    critical: '严重',
  },

  layer: {
    workloads: '模型应用层',
    lifecycle: 'AIOps / MLOps / LLMOps 层',
    platform: '云原生平台层',
    infrastructure: '基础设施层',
    hardware: '硬件层',
  },

  direction: { depends_on: '依赖', would_fail: '影响' },

  ...connecting,

  error: {
    unauthorized: { sentence: '凭据缺失、错误或已过期。', action: '用集群的工具重新登录后重试。' },
    forbidden: { sentence: '身份有效，但无权执行。', action: '请申请消息中所列的权限。' },
    not_found: { sentence: '所请求的对象不存在。', action: '它可能已被删除，请另选。' },
    conflict: { sentence: '它在此期间已变更。', action: '重新查看后重试。' },
    unavailable: { sentence: '服务器没有响应。', action: '检查网络与服务器后重试。' },
    timeout: { sentence: '耗时过长。', action: '请重试；若仍缓慢，请诊断连接。' },
    invalid_input: { sentence: '请求无效。', action: '更正后重试。' },
    unsupported: { sentence: '此处不支持该操作。', action: '升级集群或 Strata 后可能支持。' },
    internal: { sentence: 'Strata 自身出错。', action: '请重试；若再次发生请反馈。' },
  },

  act: {
    retry: '重试',
    close: '关闭',
    back: '返回',
    copied: '已复制',
    copyCommand: '复制命令',
    copyAddress: '复制地址',
    connect: '连接',
    disconnect: '断开',
    diagnose: '诊断',
    add: '添加',
    forget: '移除',
    approve: '批准并运行',
    clear: '清除',
    clearFilter: '清除筛选',
    show: '显示',
    chooseCluster: '选择集群',
  },

  time: {
    since: (time) => `自 ${time} 起停滞`,
    retryIn: (span) => `${span}后重试`,
    retryNow: '正在重试',
  },

  frame: {
    views: '视图',
    stack: '层叠',
    map: '能力图',
    gpus: 'GPU',
    jobs: '作业',
    deploy: '部署',
    workstation: '工作站',
    activity: '活动',
    interrupted: (count) => `${grouped(count)} 项更改中断`,
    settings: '设置',
    clusters: '集群',
    addCluster: '集群与上下文',
    namespace: '命名空间',
    allNamespaces: (count) => (count === null ? '全部' : `全部 ${grouped(count)}`),
    someNamespaces: (count) => `${grouped(count)} 个命名空间`,
    filterNamespaces: '筛选命名空间',
    namespacesAllHere: '此视图显示全部命名空间',
    noNamespace: (filter) => `没有包含“${filter}”的命名空间。`,
    someForbidden: '部分列表无权读取，因此可能还有其他内容。监视列表（`w`）列出所缺权限。',
    palette: '跳转到视图、对象或操作',
    paletteShort: '跳转、执行…',
    paletteNothing: (filter) => `没有名为“${filter}”的内容。`,
    paletteHint: '移动、打开、关闭',
    help: '键盘',
    helpNote: '只列出此视图中可用的按键。',
    criticals: (count) => `${grouped(count)} 项严重`,
    address: '此视图的地址',
    closeDock: '关闭面板',
    lost: 'Strata 没有响应',
    lostSince: (age) => `已 ${age}没有响应。当前显示的是最后收到的状态。`,
    lostRetry: '每隔几秒重试一次；若 Strata 已关闭，请重新启动。',
    noToken: '此页面需要 Strata 打印的链接',
    noTokenWhy: '每次启动 `strata serve` 都会打印新的链接，请打开最近一次的链接。',
  },

  group: {
    go: '跳转',
    stack: '层叠',
    gpus: 'GPU',
    jobs: '作业',
    deploy: '部署',
    workstation: '工作站',
    activity: '活动',
    view: '视图',
    clusters: '集群',
    tiles: '层叠中',
    pods: 'Pod',
    settings: '设置',
  },

  command: {
    palette: '跳转到视图、对象或操作',
    help: '显示快捷键',
    back: '清除或返回',
    next: '下一个图块或行',
    previous: '上一个图块或行',
    arrows: '到旁边的图块',
    open: '点亮图块的路径',
    filter: '筛选命名空间',
    layer: (layer) => `到${layer}`,
    dependsOn: '它依赖什么',
    wouldFail: '它影响什么',
    copyAddress: '复制此视图的地址',
    watches: '监视',
    themeDark: '深色主题',
    themeLight: '浅色主题',
    themeSystem: '跟随系统主题',
    english: 'English',
    chinese: '简体中文',
  },

  watches: {
    title: '监视',
    live: (live, all) => `监视 ${grouped(live)} / ${grouped(all)} 正常`,
    forbidden: (count) => `${grouped(count)} 项无权限`,
    notServed: (count) => `另有 ${grouped(count)} 种未提供`,
    objects: '对象',
    frame: '帧',
    kind: '类型',
    group: 'API 组',
    core: 'core',
    state: '状态',
    detail: '详情',
    count: '对象数',
    bytes: '已读',
    heard: '最近收到',
    loading: (soFar, expected) =>
      expected === undefined
        ? `已读 ${grouped(soFar)}`
        : `${grouped(soFar)} / 约 ${grouped(expected)}`,
    empty: '尚无监视；连接集群后开始。',
    disconnected: '未连接',
  },

  stack: {
    nothingLit: '指向图块即可查看它穿过各层的路径；按 Enter 保持点亮。',
    nothingFailing: '指向图块即可查看它失效时会波及什么；按 Enter 保持点亮。',
    noPath: '它目前不存在；恢复后路径会重新点亮。',
    tracing: '正在追踪路径',
    noFault: '此路径无故障',
    faults: (count) => `此路径有 ${grouped(count)} 处故障`,
    faultCount: (count) => `${grouped(count)} 处故障`,
    more: (count) => `另有 ${grouped(count)} 个，无故障`,
    moreFaults: (count, faults) => `另有 ${grouped(count)} 个，${grouped(faults)} 个有故障`,
    foldTitle: (layer) => `${layer}全部`,
    ready: (ready, desired) => `就绪 ${ready} / ${desired}`,
    nodeTile: '节点',
    gpusUsed: (count) => `${grouped(count)} GPU 已用`,
    moreNodes: (count) => `另有 ${grouped(count)} 个节点`,
    missing: '缺少权限',
    moreMissing: (count) => `另有 ${grouped(count)} 项`,
    gpusForbidden: 'GPU 情况未知：部分相关列表无权读取。',
    forbiddenCount: (count) => `${grouped(count)} 项无权限`,
    emptyBand: {
      workloads: '此处没有运行应用。部署一个模型，或放宽命名空间筛选。',
      lifecycle: '未发现推理服务、训练或流水线组件。',
      platform: '未发现平台组件。',
      infrastructure: '未发现基础设施组件。',
      hardware: '没有节点提供加速器；需要设备插件或 DRA 驱动。',
    },
    filteredBand: (namespaces) => `${namespaces} 中没有运行任何应用。`,
    noGpus: '没有节点提供 GPU；需要设备插件或 DRA 驱动。',
    loadingBand: '读取中',
    loading: (soFar, expected, what) =>
      expected === undefined
        ? `${what} 已读 ${grouped(soFar)}`
        : `${what} ${grouped(soFar)} / 约 ${grouped(expected)}`,
    legend: 'GPU',
    allocated: '已分配',
    free: '空闲',
    unhealthy: '不健康',
    unknown: '未知',
    nodeGpus: (allocated, total) => `GPU 已分配 ${allocated} / ${total}`,
    nodeUnhealthy: (count) => `${grouped(count)} 个不健康`,
    nodeUnknown: '未就绪：GPU 状态未知',
    nodeShared: '共享设备',
    nodes: (count) => `${grouped(count)} 个节点`,
    aggregated: '一格为一个节点',
    trend: (label, span) => `${label}，近 ${span}`,
    source: '来源',
  },

  attention: {
    title: '需要关注',
    ranked: '按影响排序',
    none: '没有需要关注的问题。',
    noneFiltered: (namespaces) => `${namespaces} 中没有需要关注的问题。`,
    more: (count) => `另有 ${grouped(count)} 项`,
    fewer: '只显示前六项',
    open: '显示其路径',
    next: '下一步',
  },

  path: {
    title: '路径',
    pods: (count) => `${grouped(count)} 个 Pod`,
    pod: 'Pod',
    node: '节点',
    gpus: 'GPU',
    ready: '就绪',
    age: '时长',
    noPods: '此路径上没有 Pod。',
    unbound: '未调度',
  },

  clusters,

  map,

  settings: {
    title: '设置',
    lead: '保存在本机，仅供你使用。',
    theme: '主题',
    themes: { system: '跟随系统', dark: '深色', light: '浅色' },
    language: '语言',
    languages: { system: '跟随系统', en: 'English', zh: '简体中文' },
    role: '角色',
    noRole: '不指定',
    roleLead:
      '所选角色的视图在导航栏中靠前，关注列表中同等严重的条目以其所属层优先。不会隐藏故障，也不会将其排在较轻的问题之后。',
    files: 'Kubeconfig 文件',
    filesLead: 'KUBECONFIG 所列文件与 ~/.kube/config 会自动读取，变更后重新读取。',
    fileContexts: (count) => `${grouped(count)} 个上下文`,
    byHand: '手动添加',
    about: '关于',
    version: (version) => `Strata ${version}`,
    components: (count) => `目录中有 ${grouped(count)} 个组件`,
    notSaved: '未能保存；所选设置在 Strata 关闭前有效。',
  },

  jobs,

  stream: {
    ended: {
      shutdown: 'Strata 正在关闭。',
      abandoned: '视图曾暂停，正在重新读取。',
      gone: '其上下文已被删除。',
    },
  },
};
