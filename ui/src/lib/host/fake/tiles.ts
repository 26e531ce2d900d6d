/** The tiles of a large, mostly healthy cluster. */

import type { Layer, Profile, Severity, TileRow } from '$bindings/contract';
import { phrase } from './phrases';

type Line = readonly [
  subject: string,
  name: string,
  version: string,
  ready: string,
  figureEn: string,
  figureZh: string,
  severity?: Severity,
];

const app = (namespace: string, kind: string, name: string) =>
  `application/${namespace}/${kind}/${name}`;
const isvc = (name: string) => app('llm-prod', 'InferenceService', name);

const WORKLOADS: readonly Line[] = [
  [isvc('code-pilot'), 'code-pilot', 'qwen3-30b', '6/6', '88 req/s', '88 req/s'],
  [isvc('rag-search'), 'rag-search', 'bge-m3', '8/8', '310 req/s', '310 req/s'],
  [isvc('chat-assist'), 'chat-assist', 'llama-3-70b', '4/4', '41 req/s', '41 req/s'],
  [isvc('doc-summary'), 'doc-summary', 'mixtral', '2/3', 'TTFT 2.9 s', 'TTFT 2.9 s', 'warning'],
  [
    app('llm-batch', 'RayJob', 'embed-batch'),
    'embed-batch',
    'RayJob',
    '7/8',
    '1 pod lost',
    '丢失 1 pod',
    'critical',
  ],
  [
    app('apps', 'Deployment', 'open-webui'),
    'open-webui',
    '0.9.2',
    '3/3',
    '1,204 users',
    '1,204 用户',
  ],
  [
    app('apps', 'Deployment', 'litellm-gateway'),
    'litellm-gateway',
    '1.88.1',
    '4/4',
    '2.1k req/s',
    '2.1k req/s',
  ],
  [app('data', 'StatefulSet', 'milvus'), 'milvus', '2.6.4', '11/11', '214 M vec', '2.14 亿向量'],
  [isvc('vision-caption'), 'vision-caption', 'qwen3-vl-8b', '2/2', '19 req/s', '19 req/s'],
  [isvc('asr-meetings'), 'asr-meetings', 'whisper-v3', '2/2', '6.4 rt×', '6.4 rt×'],
  [app('apps', 'Deployment', 'langfuse'), 'langfuse', '4.2.0', '2/2', '830 sp/s', '830 sp/s'],
  [
    app('apps', 'Deployment', 'agent-tools'),
    'agent-tools',
    'kagent 0.9',
    '3/3',
    '12 agents',
    '12 代理',
  ],
  [isvc('fraud-score'), 'fraud-score', 'Triton 26.06', '12/12', 'p99 9 ms', 'p99 9 ms'],
  [isvc('demand-forecast'), 'demand-forecast', 'Triton 26.06', '4/4', 'p99 31 ms', 'p99 31 ms'],
  [isvc('defect-detect'), 'defect-detect', 'Triton 26.06', '2/2', '44 fps', '44 fps'],
  [
    app('forecast', 'CronJob', 'churn-cluster'),
    'churn-cluster',
    'sklearn',
    '1/1',
    '02:00 daily',
    '每日 02:00',
  ],
  [isvc('eta-predict'), 'eta-predict', 'ONNX 1.24', '6/6', 'p99 14 ms', 'p99 14 ms'],
  [isvc('price-elastic'), 'price-elastic', 'XGBoost', '2/2', 'p99 7 ms', 'p99 7 ms'],
];

const LIFECYCLE: readonly Line[] = [
  ['kubeflow-pipelines', 'Kubeflow Pipelines', '2.16.0', '6/6', '118 runs/d', '118 次/日'],
  ['kubeflow-trainer', 'Kubeflow Trainer', '2.2.0', '2/2', '23 TrainJobs', '23 TrainJob'],
  ['kserve', 'KServe', '0.20.1', '5/5', '38 services', '38 服务'],
  ['kuberay', 'KubeRay', '1.7.0', '1/1', '14 clusters', '14 集群'],
  ['mlflow', 'MLflow', '3.9.0', '2/2', '41 experiments', '41 实验'],
  ['jupyterhub', 'JupyterHub', '5.4.2', '3/3', '61 servers', '61 实例'],
  ['argo-workflows', 'Argo Workflows', '4.1.2', '3/3', '9 running', '9 运行中'],
  ['katib', 'Katib', '0.19.0', '3/3', '26 trials', '26 试验'],
  ['llm-d', 'llm-d', '0.6.0', '4/4', '2 pools', '2 池'],
  ['spark-operator', 'Spark operator', '2.5.2', '2/2', '3 apps', '3 应用'],
  ['model-registry', 'Model Registry', '0.3.8', '2/2', '212 models', '212 模型'],
  ['feast', 'Feast', '0.58.0', '2/2', 'p99 6 ms', 'p99 6 ms'],
  ['nim-operator', 'NIM operator', '3.1.2', '1/1', '4 services', '4 服务'],
  ['airflow', 'Airflow', '3.2.1', '5/5', '1 late DAG', '1 DAG 延迟', 'notice'],
];

const PLATFORM: readonly Line[] = [
  ['kubernetes', 'Kubernetes', '1.36.2', '3/3', 'API p99 38 ms', 'API p99 38 ms'],
  ['volcano', 'Volcano', '1.15.0', '3/3', '6 queues', '6 队列'],
  ['kueue', 'Kueue', '0.19.2', '2/2', '31 pending', '31 等待'],
  ['gateway-inference', 'Gateway Inference', '1.6.0', '2/2', 'p99 11 ms', 'p99 11 ms'],
  ['jobset', 'JobSet', '0.12.0', '1/1', '29 sets', '29 组'],
  ['leader-worker-set', 'LeaderWorkerSet', '0.10.0', '2/2', '5 groups', '5 组'],
  ['keda', 'KEDA', '2.19.0', '3/3', '17 scalers', '17 伸缩器'],
  ['istio', 'Istio', '1.30.1', '3/3', 'mTLS strict', 'mTLS 严格'],
  ['envoy-ai-gateway', 'Envoy AI Gateway', '1.1.0', '3/3', '2.2k req/s', '2.2k req/s'],
  ['argo-cd', 'Argo CD', '3.4.1', '7/7', '2 out of sync', '2 未同步', 'notice'],
  ['harbor', 'Harbor', '2.15.0', '8/8', '4.1 TiB', '4.1 TiB'],
  ['cert-manager', 'cert-manager', '1.20.2', '3/3', 'next 21 d', '21 天后到期'],
  ['prometheus', 'Prometheus', '3.10.0', '2/2', '4.1 M series', '410 万序列'],
  ['grafana', 'Grafana', '13.0.1', '2/2', '88 boards', '88 面板'],
  ['opentelemetry', 'OpenTelemetry', '0.151.0', '6/6', '41k sp/s', '41k sp/s'],
  ['kyverno', 'Kyverno', '1.18.0', '3/3', '0 fail', '0 失败'],
  ['policy-controller', 'Policy controller', '0.15.2', '2/2', 'enforce', '强制'],
  ['metrics-server', 'metrics-server', '0.8.1', '2/2', 'available', '可用'],
];

const INFRASTRUCTURE: readonly Line[] = [
  ['cilium', 'Cilium', '1.19.0', '144/144', '0 drops', '0 丢包'],
  ['containerd', 'containerd', '2.2.1', '144/144', '1 version', '1 个版本'],
  ['gpu-operator', 'GPU Operator', '26.7.0', '9/9', 'ready', '就绪'],
  ['nvidia-network-operator', 'Network Operator', '26.7.0', '6/6', '400 Gb/s', '400 Gb/s'],
  ['multus', 'Multus', '4.2.3', '144/144', '3 networks', '3 网络'],
  ['nvidia-driver', 'NVIDIA driver', '580.126.09', '128/128', '2 versions', '2 个版本', 'notice'],
  ['rook-ceph', 'Rook-Ceph', '1.19.3', '41/42', 'HEALTH_WARN', 'HEALTH_WARN', 'warning'],
  ['juicefs', 'JuiceFS CSI', '1.30.2', '144/144', '6.1 GB/s', '6.1 GB/s'],
  ['fluid', 'Fluid', '1.0.8', '4/4', '78 % cached', '缓存 78 %'],
  ['dcgm-exporter', 'DCGM exporter', '4.5.2', '127/128', '1 silent', '1 个无响应', 'warning'],
  ['dra-driver-gpu', 'DRA driver', '25.12.0', '128/128', '1,018 devices', '1,018 设备'],
  ['sr-iov', 'SR-IOV', '1.6.0', '128/128', 'in sync', '已同步'],
  ['nfd', 'NFD', '0.19.0', '144/144', 'fresh 40 s', '40 秒前'],
  ['velero', 'Velero', '1.18.0', '1/1', 'backup 6 h', '备份 6 小时前'],
  ['coredns', 'CoreDNS', '1.14.0', '4/4', 'p99 2 ms', 'p99 2 ms'],
  ['node-problem-detector', 'Node Problem Detector', '1.35.2', '144/144', '0 open', '0 未决'],
  ['local-path', 'Local Path', '0.0.33', '1/1', '22 volumes', '22 卷'],
  ['karpenter', 'Karpenter', '1.14.0', '2/2', 'paused', '已暂停', 'paused'],
];

const HARDWARE: readonly Line[] = [
  ['accelerator/EPYC 9654', 'EPYC 9654', '192 c × 144', '142/144', '34 % CPU', 'CPU 34 %'],
  ['accelerator/BlueField-3', 'BlueField-3', 'DPU 24.10', '144/144', '312 Gb/s', '312 Gb/s'],
  [
    'accelerator/H100 80GB',
    'H100 80GB',
    '64 nodes',
    '511/512',
    '61 % SM act.',
    'SM 活跃 61 %',
    'warning',
  ],
  [
    'accelerator/A100 80GB',
    'A100 80GB',
    '40 nodes',
    '311/320',
    '49 % SM act.',
    'SM 活跃 49 %',
    'critical',
  ],
  [
    'accelerator/H200 141GB',
    'H200 141GB',
    '16 nodes',
    '127/128',
    '40 % SM act.',
    'SM 活跃 40 %',
    'warning',
  ],
  ['accelerator/L40S 48GB', 'L40S 48GB', '8 nodes', '60/64', '4 unknown', '4 未知', 'unknown'],
];

const OBJECTS = new Set(['containerd', 'cert-manager', 'metrics-server', 'llm-d']);
const PREDICTIVE = new Set([
  'fraud-score',
  'demand-forecast',
  'defect-detect',
  'churn-cluster',
  'eta-predict',
  'price-elastic',
]);

function tile(layer: Layer, line: Line): TileRow {
  const [subject, name, version, ready, en, zh, severity = 'ok'] = line;
  const [is = 0, wanted = 0] = ready.split('/').map(Number);
  const isApplication = layer === 'workloads';
  const profile: Profile = !isApplication
    ? 'none'
    : PREDICTIVE.has(name)
      ? 'predictive'
      : 'generative';
  return {
    layer,
    subject: subject.includes('/') ? subject : `component/${subject}`,
    name,
    is_object: isApplication || OBJECTS.has(name),
    severity,
    version,
    ready: { ready: is, desired: wanted },
    figure: phrase(en, zh),
    ...(severity === 'ok' || severity === 'paused'
      ? {}
      : {
          reason: phrase('{ready} of {wanted} ready: {why}', '就绪 {ready} / {wanted}：{why}', {
            ready: is,
            wanted,
            why: en,
          }),
        }),
    category: '',
    profile,
    home: '',
    namespaces: isApplication ? [subject.split('/')[1] ?? ''] : [`${subject}-system`],
  };
}

export const TILES: readonly TileRow[] = [
  ...WORKLOADS.map((line) => tile('workloads', line)),
  ...LIFECYCLE.map((line) => tile('lifecycle', line)),
  ...PLATFORM.map((line) => tile('platform', line)),
  ...INFRASTRUCTURE.map((line) => tile('infrastructure', line)),
  ...HARDWARE.map((line) => tile('hardware', line)),
];
