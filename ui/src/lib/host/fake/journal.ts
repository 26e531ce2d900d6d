/** The journal of the design data, and which of its clusters are protected. */

import type {
  JournalEntry,
  JournalState,
  JournalStep,
  Protection,
  ReadJournal,
} from '$bindings/contract';
import { apiError } from '../host';
import { ago } from './phrases';

/** A cluster's id, as `lists.ts` has it. */
const idOf = (name: string) => `/home/ada/.kube/config#${name}`;
const HASH = '9f2c41d07be35a68c1f04d2ab97e6630';

function entry(
  number: number,
  seconds: number,
  context: string,
  state: JournalState,
  steps: JournalStep[],
  more: Partial<JournalEntry> = {},
): JournalEntry {
  return {
    number,
    at: ago(seconds),
    state,
    cluster: idOf(context),
    context,
    user: 'a.novak@oidc',
    known_as: 'a.novak',
    program: 'strata 0.1.0',
    steps,
    hash: `${number.toString(16).padStart(4, '0')}${HASH.repeat(2)}`.slice(0, 64),
    ...more,
  };
}

function step(kind: string, name: string, more: Partial<JournalStep> = {}): JournalStep {
  return {
    object: { kind, namespace: 'llm-prod', name },
    action: 'change',
    state: 'done',
    fields: [],
    kubectl: `kubectl apply --server-side --field-manager=strata -n llm-prod -f ${name}.yaml`,
    message: '',
    ...more,
  };
}

const image = {
  path: '.spec.template.spec.containers[name="server"].image',
  before: '"vllm/vllm-openai:v0.23.1"',
  after: '"vllm/vllm-openai:v0.24.0"',
  is_secret: false,
};

const ENTRIES: readonly JournalEntry[] = [
  entry(
    216,
    12 * 60,
    'prod-fra',
    'applied',
    [
      step('ConfigMap', 'strata-release.llama-3-70b.v4', { action: 'create' }),
      step('Deployment.apps', 'llama-3-70b', {
        fields: [
          image,
          { path: '.spec.replicas', before: '3', after: '4', is_secret: false },
          {
            path: '.spec.template.spec.containers[name="server"].env[name="API_KEY"].value',
            is_secret: true,
          },
        ],
      }),
      step('Service', 'llama-3-70b', { action: 'unchanged' }),
    ],
    { release: 'llama-3-70b' },
  ),
  entry(215, 26 * 60, 'train-ams', 'interrupted', [
    step('ConfigMap', 'sweep-settings', { action: 'create' }),
    step('Job.batch', 'vit-sweep-118', { action: 'create', state: 'in_doubt' }),
    step('Job.batch', 'vit-sweep-119', { action: 'create', state: 'not_begun' }),
  ]),
  entry(214, 2 * 3_600, 'prod-fra', 'failed', [
    step('Deployment.apps', 'rag-frontend', {
      state: 'failed',
      fields: [{ path: '.spec.selector', before: '{}', after: '{"app":"web"}', is_secret: false }],
      message:
        'Deployment.apps "rag-frontend" is invalid: spec.selector: Invalid value: field is immutable',
    }),
  ]),
  entry(213, 5 * 3_600, 'prod-fra', 'partial', [
    step('Pod', 'chat-assist-7d9f8b6c5d-2kq8d', { action: 'evict' }),
    step('Pod', 'chat-assist-7d9f8b6c5d-h5x2p', {
      action: 'evict',
      state: 'failed',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
    }),
  ]),
  entry(
    212,
    26 * 3_600,
    'edge-sin',
    'settled',
    [step('DaemonSet.apps', 'node-exporter', { fields: [image] })],
    { known_as: '', user: 'ops' },
  ),
  entry(
    211,
    3 * 24 * 3_600,
    'prod-fra',
    'applied',
    [step('Deployment.apps', 'old-chat', { action: 'delete' })],
    { settles: 209 },
  ),
  ...Array.from({ length: 140 }, (_, at) =>
    entry(210 - at, (4 + at) * 24 * 3_600, 'prod-fra', 'applied', [
      step('Deployment.apps', `embed-${at % 7}`, { fields: [image] }),
    ]),
  ),
];

export function journal(scene: string, asked: ReadJournal): JournalEntry[] {
  if (scene === 'failed') {
    throw apiError('internal', 'the journal cannot be read', ['database disk image is malformed']);
  }
  if (scene === 'empty') return [];
  const words = asked.words.toLowerCase().split(/\s+/);
  return ENTRIES.filter(
    (one) =>
      (asked.before === undefined || one.number < asked.before) &&
      (asked.cluster === '' || one.cluster === asked.cluster) &&
      (asked.states.length === 0 || asked.states.includes(one.state)) &&
      words.every((word) => JSON.stringify(one).toLowerCase().includes(word)),
  ).slice(0, asked.most);
}

export function interruptedOf(scene: string): JournalEntry[] {
  return scene === 'empty' || scene === 'failed'
    ? []
    : ENTRIES.filter(({ state }) => state === 'interrupted');
}

/** Which clusters are protected: `train-ams` always, and `prod-fra` in the scene `protected`. */
export class FakeProtection {
  readonly #known: Map<string, Protection>;

  constructor(scene: string) {
    const guarded = ['train-ams', ...(scene === 'protected' ? ['prod-fra'] : [])].map(idOf);
    this.#known = new Map(guarded.map((cluster) => [cluster, { cluster, is_protected: true }]));
  }

  of(cluster: string): Protection {
    return this.#known.get(cluster) ?? { cluster, is_protected: false };
  }

  isLocked(cluster: string): boolean {
    const { is_protected: isProtected, unlocked_until: until } = this.of(cluster);
    return isProtected && (until === undefined || Date.parse(until) < Date.now());
  }

  protect(cluster: string, isProtected: boolean): Protection {
    this.#known.set(cluster, { cluster, is_protected: isProtected });
    return this.of(cluster);
  }

  unlock(cluster: string, minutes: number): Protection {
    this.#known.set(cluster, {
      cluster,
      is_protected: true,
      ...(minutes === 0 ? {} : { unlocked_until: ago(-60 * minutes) }),
    });
    return this.of(cluster);
  }
}
