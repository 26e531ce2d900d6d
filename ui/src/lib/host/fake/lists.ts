/** Clusters, namespaces, watches and pods of the design data. */

import type {
  ClusterRow,
  Connection,
  ContextProblemRow,
  NamespaceRow,
  PodRow,
  WatchRow,
} from '$bindings/contract';
import { ago, phrase, random } from './phrases';

const HOME = '/home/ada/.kube/config';

function cluster(
  name: string,
  hue: number,
  connection: Connection,
  heard: number | null,
  more: Partial<ClusterRow> = {},
): ClusterRow {
  return {
    cluster: `${more.file ?? HOME}#${name}`,
    name,
    server: `https://k8s.${name}.example.net:6443`,
    user: `ada@${name}`,
    namespace: '',
    file: HOME,
    added_by_hand: false,
    is_current: false,
    is_demo: false,
    hue,
    connection,
    ...(heard === null ? {} : { heard_at: ago(heard) }),
    ...more,
  };
}

const LIVE: Connection = { state: 'live', version: 'v1.36.2', complete: true };

/** The clusters, with the connection of the first as given. */
export function clusters(first: Connection): ClusterRow[] {
  const isOn = first.state === 'live' || first.state === 'stale';
  return [
    cluster('prod-fra', 0, first, isOn ? (first.state === 'stale' ? 48 : 0.4) : null, {
      is_current: true,
      ...(isOn
        ? {
            counts: {
              watches_live: first.state === 'stale' ? 0 : 38,
              watches: 38,
              watches_partial: 0,
              watches_forbidden: 0,
              objects: 104_318,
              bytes_per_second: 186_000,
              criticals: 1,
            },
          }
        : {}),
    }),
    cluster('train-ams', 1, LIVE, 0.7),
    cluster(
      'edge-sin',
      2,
      {
        state: 'stale',
        since: ago(48),
        reason: 'the server stopped answering: connection reset by peer',
        retry_at: ago(-3),
      },
      48,
    ),
    cluster('ws-lab-02', 3, LIVE, 1),
    cluster('dev-local', 4, { state: 'idle' }, null, {
      file: '/home/ada/clusters/dev.yaml',
      added_by_hand: true,
    }),
    cluster(
      'eu-batch',
      5,
      {
        state: 'failed',
        step: 'tls',
        message: 'certificate of k8s.eu-batch.example.net expired on 2026-05-02',
        advice: 'Ask for a new serving certificate; `strata doctor` shows the chain.',
        retry_at: ago(-24),
      },
      null,
    ),
    cluster(
      'us-spot',
      6,
      {
        state: 'needs_approval',
        command: 'aws eks get-token --cluster-name us-spot --output json',
        digest: 'sha256:5f0c1e3a9b7d4c268a1077e2d1979a31',
      },
      null,
    ),
    {
      ...cluster('demo', 7, { state: 'idle' }, null),
      cluster: 'demo',
      server: '',
      user: '',
      file: '',
      is_demo: true,
    },
  ];
}

export const PROBLEMS: readonly ContextProblemRow[] = [
  {
    file: '/home/ada/clusters/old.yaml',
    context: '',
    message: 'line 14: expected a mapping, found a sequence',
  },
  { file: HOME, context: 'retired', message: 'its user entry `ops@retired` is not in the file' },
];

export function namespaces(): NamespaceRow[] {
  const next = random(5);
  const named = [
    'llm-prod',
    'llm-batch',
    'apps',
    'data',
    'research',
    'forecast',
    'kueue-system',
    'kserve',
    'rook-ceph',
  ];
  const rest = Array.from(
    { length: 55 },
    (_, at) => `team-${(at + 1).toString().padStart(2, '0')}`,
  );
  return [...named, ...rest].map((name) => ({
    name,
    pods: Math.floor(next() * 240),
    severity: name === 'llm-batch' ? 'critical' : name === 'llm-prod' ? 'warning' : 'ok',
  }));
}

export function pods(count: number): PodRow[] {
  const ends = ['2kq8d', 'h5x2p', 'm9tz4', 'w3c7n'];
  return Array.from({ length: count }, (_, at) => ({
    namespace: 'llm-prod',
    name: `chat-assist-predictor-${ends[at] ?? at.toString(36).padStart(5, 'x')}`,
    node: at % 4 < 2 ? 'gpu-h100-45' : 'gpu-h100-62',
    gpus: 4,
    gpu_model: 'H100 80GB',
    status: at === 7 ? 'CrashLoopBackOff' : 'Running',
    ready: { ready: at === 7 ? 1 : 2, desired: 2 },
    restarts: at === 7 ? 14 : 0,
    severity: at === 7 ? 'critical' : 'ok',
    ...(at === 7
      ? {
          reason: phrase('Container {name} exits with 137', '容器 {name} 以 137 退出', {
            name: 'kserve-container',
          }),
        }
      : {}),
    created_at: ago(86_400 * 3 + at * 137),
  }));
}

const KINDS: readonly [string, string, number][] = [
  ['', 'Node', 144],
  ['', 'Pod', 9_412],
  ['', 'Namespace', 64],
  ['apps', 'Deployment', 1_204],
  ['apps', 'StatefulSet', 211],
  ['apps', 'DaemonSet', 38],
  ['apps', 'ReplicaSet', 6_120],
  ['batch', 'Job', 2_281],
  ['storage.k8s.io', 'StorageClass', 9],
  ['storage.k8s.io', 'CSIDriver', 6],
  ['resource.k8s.io', 'ResourceSlice', 128],
  ['resource.k8s.io', 'ResourceClaim', 902],
  ['kueue.x-k8s.io', 'ClusterQueue', 7],
  ['kueue.x-k8s.io', 'Workload', 1_644],
  ['serving.kserve.io', 'InferenceService', 38],
  ['ray.io', 'RayCluster', 14],
  ['trainer.kubeflow.org', 'TrainJob', 23],
  ['jobset.x-k8s.io', 'JobSet', 29],
];

const WHOLE = ['Node', 'CustomResourceDefinition', 'StorageClass', 'Namespace'];

export function watches(kind: 'live' | 'loading' | 'forbidden' | 'partial' | 'stale'): WatchRow[] {
  return KINDS.map(([group, name, objects], at): WatchRow => {
    const base = {
      group,
      kind: name,
      objects,
      heard_at: ago(at * 0.7 + 0.4),
      bytes: objects * 5_400,
    };
    if (kind === 'loading' && at < 9) {
      return {
        ...base,
        objects: 0,
        state: {
          state: 'loading',
          so_far: Math.floor(objects * 0.44),
          ...(name === 'Pod' ? { expected: 9_000 } : {}),
        },
      };
    }
    if (
      kind === 'forbidden' &&
      (name === 'Node' || name === 'ResourceClaim' || group === 'kueue.x-k8s.io')
    ) {
      return {
        ...base,
        objects: 0,
        state: {
          state: 'forbidden',
          permission: `list ${name.toLowerCase()}s${group === '' ? '' : `.${group}`}`,
        },
      };
    }
    if (kind === 'partial' && !WHOLE.includes(name)) {
      const permission = `list ${name.toLowerCase()}s${group === '' ? '' : `.${group}`}`;
      return {
        ...base,
        objects: Math.ceil(objects / 40),
        state: {
          state: 'partial',
          permission,
          namespaces: [
            { namespace: 'team-search', standing: 'live', reason: '' },
            { namespace: 'training', standing: at % 5 === 4 ? 'loading' : 'live', reason: '' },
            { namespace: 'vault', standing: 'forbidden', reason: `${permission} in vault` },
          ],
        },
      };
    }
    if (kind === 'partial') {
      return {
        ...base,
        objects: 0,
        state: { state: 'forbidden', permission: `list ${name.toLowerCase()}s` },
      };
    }
    if (kind === 'stale')
      return {
        ...base,
        state: { state: 'stale', since: ago(48), reason: 'connection reset by peer' },
      };
    if (name === 'JobSet') {
      return {
        ...base,
        objects: 0,
        state: {
          state: 'failed',
          reason: 'the conversion webhook of jobset.x-k8s.io answers 503',
          retry_at: ago(-12),
        },
      };
    }
    return { ...base, state: { state: 'live' } };
  });
}
