/** Releases of the design data: what is kept of them, and what runs. */

import type {
  ChangeReport,
  ChangeStep,
  DeleteRelease,
  FieldDifference,
  ObjectName,
  OneRelease,
  Release,
  ReleaseDetail,
  ReleaseRevision,
  ReleaseRow,
  RevisionDifference,
  RollBackRelease,
} from '$bindings/contract';
import { apiError } from '../host';
import { change } from './changes';
import { ago, phrase, random } from './phrases';

const HOUR = 3_600;

function release(
  name: string,
  namespace: string,
  recipe: string,
  revision: number,
  age: number,
  by: string,
): Release {
  return {
    name,
    namespace,
    recipe,
    revision,
    revisions: Math.min(revision, 20),
    applied_at: ago(age),
    applied_by: by,
  };
}

const FEW: readonly Release[] = [
  release('llama-3-70b', 'llm-prod', 'vllm', 4, 12 * 60, 'a.novak'),
  release('qwen3-8b-chat', 'llm-prod', 'vllm', 11, 3 * HOUR, 'm.ferrari'),
  release('embed-bge-m3', 'llm-prod', 'triton', 2, 26 * HOUR, 'a.novak'),
  release('rag-frontend', 'web', 'image', 7, 40, 'ci-deployer'),
  release('fraud-xgb', 'risk', 'predictive-triton', 3, 9 * 24 * HOUR, 'k.chen'),
  release('llama-ft-0421', 'research', 'train-job', 1, 47 * 60, 'm.ferrari'),
  release('nb-kchen', 'notebooks', 'notebook', 5, 2 * 24 * HOUR, 'k.chen'),
  release('vectors', 'rag', 'qdrant', 2, 30 * 24 * HOUR, 'ops'),
  release('old-demo', 'sandbox', 'own', 1, 90 * 24 * HOUR, ''),
];

const RUNNING: readonly ReleaseRow[] = [
  row('llama-3-70b', 'llm-prod', 'up', 4, 4, 16),
  row('qwen3-8b-chat', 'llm-prod', 'starting', 1, 2, 2),
  row('embed-bge-m3', 'llm-prod', 'up', 3, 3, 3),
  {
    ...row('rag-frontend', 'web', 'failing', 0, 3, 0),
    severity: 'critical',
    reason: phrase(
      '{pods} pods cannot pull {image}: the tag is not in the registry',
      '{pods} 个 Pod 无法拉取 {image}：仓库中没有该标签',
      { pods: 3, image: 'harbor.fra/web/rag-frontend:2.4.1-rc' },
    ),
  },
  row('fraud-xgb', 'risk', 'up', 2, 2, 0),
  {
    ...row('llama-ft-0421', 'research', 'queued', 0, 2, 16),
    jobs: ['research/Job.batch/llama-ft-0421'],
  },
  row('nb-kchen', 'notebooks', 'stopped', 0, 0, 0),
  row('vectors', 'rag', 'up', 1, 1, 0),
];

function row(
  name: string,
  namespace: string,
  state: ReleaseRow['state'],
  ready: number,
  desired: number,
  gpus: number,
): ReleaseRow {
  const isServed = gpus > 0 && state !== 'queued';
  return {
    name,
    namespace,
    state,
    severity: 'ok',
    ready: { ready, desired },
    gpus,
    jobs: isServed ? [`${namespace}/Deployment.apps/${name}`] : [],
    subject: isServed ? `application/${namespace}/Deployment/${name}` : '',
  };
}

/** So many that the list has to be a window. */
function many(): Release[] {
  const next = random(7);
  return Array.from({ length: 4_000 }, (_, at) =>
    release(
      `service-${at.toString().padStart(4, '0')}`,
      `team-${Math.floor(next() * 60)}`,
      ['vllm', 'triton', 'image', 'qdrant'][Math.floor(next() * 4)] ?? 'image',
      1 + Math.floor(next() * 9),
      60 + Math.floor(next() * 90 * 24 * HOUR),
      ['a.novak', 'm.ferrari', 'k.chen', 'ci-deployer'][Math.floor(next() * 4)] ?? '',
    ),
  );
}

export function releasesOf(scene: string, namespace: string): Release[] {
  if (scene === 'forbidden') {
    throw apiError(
      'forbidden',
      'configmaps is forbidden: User "a.novak" cannot list resource "configmaps" in API group "" at the cluster scope',
      ['list configmaps'],
    );
  }
  if (scene === 'failed') throw apiError('unavailable', 'no answer from https://10.20.0.4:6443');
  const all = scene === 'empty' ? [] : scene === 'thousand' ? many() : FEW;
  return all.filter((one) => namespace === '' || one.namespace === namespace);
}

export function releaseRows(scene: string): readonly ReleaseRow[] {
  return scene === 'empty' ? [] : RUNNING;
}

function objectsOf({ name, namespace }: OneRelease): ObjectName[] {
  return [
    { kind: 'Deployment.apps', namespace, name },
    { kind: 'Service', namespace, name },
    { kind: 'PersistentVolumeClaim', namespace, name: `${name}-models` },
  ];
}

function manifest(name: string, namespace: string, number: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app.kubernetes.io/managed-by: strata
    strata.dev/release: ${name}
  name: ${name}
  namespace: ${namespace}
spec:
  replicas: ${Math.min(number, 4)}
  template:
    spec:
      containers:
        - name: server
          image: vllm/vllm-openai:v0.2${number}.0
          args: ["--model", "meta-llama/Llama-3.1-70B-Instruct", "--max-model-len", "32768"]
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  ports:
    - port: 8000
`;
}

export function releaseOf(scene: string, asked: OneRelease): ReleaseDetail {
  const known = releasesOf(scene, asked.namespace).find(({ name }) => name === asked.name);
  if (known === undefined) {
    throw apiError('not_found', `there is no release ${asked.name} in ${asked.namespace}`);
  }
  const revisions = Array.from({ length: known.revisions }, (_, at): ReleaseRevision => {
    const number = known.revision - at;
    return {
      number,
      recipe: known.recipe,
      values: {
        name: known.name,
        model: 'Qwen/Qwen3-8B',
        replicas: Math.min(number, 4),
        gpus: 4,
        context: 32_768,
        ...(number > 2 ? { kv_cache: 'fp8' } : {}),
      },
      manifests: manifest(known.name, known.namespace, number),
      applied_at: at === 0 ? known.applied_at : ago(at * 30 * HOUR + 900),
      applied_by: at % 2 === 0 ? known.applied_by : 'm.ferrari',
      is_edited: at === 2,
    };
  });
  return { release: known, revisions, objects: objectsOf(asked) };
}

const field = (path: string, before?: unknown, after?: unknown): FieldDifference => ({
  path,
  is_secret: false,
  ...(before === undefined ? {} : { before: JSON.stringify(before) }),
  ...(after === undefined ? {} : { after: JSON.stringify(after) }),
});

export function differenceOf(asked: OneRelease & { from: number; to: number }): RevisionDifference {
  if (asked.from === asked.to) return { objects: [] };
  const [workload, , claim] = objectsOf(asked);
  if (workload === undefined || claim === undefined) return { objects: [] };
  const container = '.spec.template.spec.containers[name="server"]';
  return {
    objects: [
      {
        object: workload,
        action: 'change',
        fields: [
          field('.spec.replicas', Math.min(asked.from, 4), Math.min(asked.to, 4)),
          field(
            `${container}.image`,
            `vllm/vllm-openai:v0.2${asked.from}.0`,
            `vllm/vllm-openai:v0.2${asked.to}.0`,
          ),
          field(`${container}.args[3]`, '16384', '32768'),
          field(`${container}.args[4]`, undefined, '--kv-cache-dtype=fp8'),
          field(`${container}.env[name="VLLM_USE_V1"]`, { name: 'VLLM_USE_V1', value: '0' }),
        ],
        before: manifest(asked.name, asked.namespace, asked.from),
        after: manifest(asked.name, asked.namespace, asked.to),
      },
      {
        object: claim,
        action: asked.to > asked.from ? 'create' : 'delete',
        fields: [],
        before: asked.to > asked.from ? '' : claimText(claim),
        after: asked.to > asked.from ? claimText(claim) : '',
      },
    ],
  };
}

const claimText = ({ name, namespace }: ObjectName) => `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 200Gi
`;

export function rollBack(scene: string, asked: RollBackRelease): ChangeReport {
  return change(scene, {
    cluster: asked.cluster,
    namespace: asked.namespace,
    manifests: '',
    choices: asked.choices,
    intent: asked.intent,
  });
}

export function deletion(isLocked: boolean, asked: DeleteRelease): ChangeReport {
  const isDone = asked.intent === 'apply' && !isLocked;
  const kept = Array.from({ length: 4 }, (_, at) => ({
    kind: 'ConfigMap',
    namespace: asked.namespace,
    name: `strata-release.${asked.name}.v${at + 1}`,
  }));
  const steps = [...objectsOf(asked).reverse(), ...kept].map((object): ChangeStep => ({
    object,
    api_version: object.kind === 'Deployment.apps' ? 'apps/v1' : 'v1',
    action: 'delete',
    progress: isDone ? 'done' : 'planned',
    is_assumed: false,
    fields: [],
    conflicts: [],
    consequences:
      object.kind === 'Deployment.apps'
        ? [phrase('4 pods go with it; 16 GPUs become free', '4 个 Pod 随之删除；释放 16 块 GPU')]
        : object.kind === 'PersistentVolumeClaim'
          ? [phrase('200 GiB on its volume are lost', '其卷上的 200 GiB 数据将丢失')]
          : [],
    warnings: [],
    kubectl: `kubectl delete ${object.kind.toLowerCase()} ${object.name} -n ${object.namespace}`,
    before: object.kind === 'ConfigMap' ? '' : manifest(object.name, object.namespace, 4),
    after: '',
  }));
  return {
    intent: asked.intent,
    outcome: isLocked ? 'blocked' : isDone ? 'applied' : 'ready',
    obstacles: isLocked
      ? [
          {
            kind: 'protected',
            sentence: phrase('{context} is protected', '{context} 受保护', { context: 'prod-fra' }),
            details: [],
          },
        ]
      : [],
    consequences: [],
    steps,
    ...(isDone ? { journal_entry: 217 } : {}),
  };
}
