/** One object of the design data: its YAML, what an edit of it comes to, and what one may do to it. */

import type {
  ChangeReport,
  ChangeStep,
  EditObject,
  Manifest,
  OneObject,
  Permissions,
  ReadPermissions,
} from '$bindings/contract';
import { phrase } from './phrases';

const CLUSTER_WIDE = ['Node', 'Namespace', 'PersistentVolume'];

/** In the scene `forbidden` nothing may be deleted, scaled or created, and no pod be evicted. */
export function permissions(scene: string, { deeds }: ReadPermissions): Permissions {
  return {
    missing: deeds.map(({ deed, objects }) => {
      const [first] = objects;
      if (scene !== 'forbidden' || first === undefined) return [];
      const resource = `${(first.kind.split('.')[0] ?? '').toLowerCase()}s`;
      const where = first.namespace === '' ? '' : ` in namespace ${first.namespace}`;
      if (deed === 'delete' || deed === 'cancel') return [`delete ${resource}${where}`];
      if (deed === 'create') return [`create ${resource}${where}`];
      if (deed === 'drain') return ['create pods/eviction in namespace team-b'];
      return deed === 'scale' ? [`patch ${resource}/scale${where}`] : [];
    }),
  };
}

export function manifest({ kind, namespace, name }: OneObject): Manifest {
  const bare = kind.split('.')[0] ?? kind;
  const isWide = CLUSTER_WIDE.includes(bare);
  const into = isWide ? '' : `  namespace: ${namespace}\n`;
  const spec = isWide
    ? ''
    : `spec:\n  replicas: 4\n  selector:\n    matchLabels:\n      app: ${name}\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n      - name: main\n        image: vllm/vllm-openai:v0.19.1\n`;
  return {
    object: { kind, namespace: isWide ? '' : namespace, name },
    yaml: `apiVersion: ${bare === 'Deployment' ? 'apps/v1' : 'v1'}\nkind: ${bare}\nmetadata:\n  name: ${name}\n${into}  labels:\n    app: ${name}\n${spec}`,
  };
}

/** Lines that differ are told as fields: enough to be looked at. */
export function edit(scene: string, request: EditObject): ChangeReport {
  const { object, before, after, intent } = request;
  const isLocked = scene === 'protected';
  const was = new Map(lines(before));
  const fields = lines(after).filter(([field, value]) => was.get(field) !== value);
  const isDone = intent === 'apply' && !isLocked;
  const step: ChangeStep = {
    object,
    api_version: object.kind.startsWith('Deployment') ? 'apps/v1' : 'v1',
    line: 1,
    action: fields.length > 0 ? 'change' : 'unchanged',
    progress: isDone ? 'done' : 'planned',
    is_assumed: false,
    fields: fields.map(([field, value]) => ({
      path: `.${field}`,
      before: JSON.stringify(was.get(field) ?? null),
      after: JSON.stringify(value),
      is_secret: false,
    })),
    conflicts: [],
    consequences: [],
    warnings: [],
    kubectl: `kubectl patch ${object.kind.toLowerCase()} ${object.name} -n ${object.namespace} --type merge -p '{…}'`,
    before,
    after,
  };
  return {
    intent,
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
    steps: [step],
    ...(isDone ? { journal_entry: 218 } : {}),
  };
}

function lines(yaml: string): [string, string][] {
  return yaml.split('\n').flatMap((line): [string, string][] => {
    const [field, value] = line.split(/: (.*)/);
    return field === undefined || value === undefined ? [] : [[field.trim(), value]];
  });
}
