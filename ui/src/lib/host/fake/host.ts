/**
 * A host of design data: every screen and every state without an engine.
 *
 * `?fake=SCENE` names the scene: `stack`, `thousand`, `loading`, `connecting`, `stale`, `forbidden`,
 * `failed`, `approval`, `idle`, `empty`, `refused`, `lost`, `locked` or `first`; in Deploy also `conflict`,
 * `protected` or `broken`; in Workstation also `none`, `mismatch` or `readonly`, and in its trials `key`.
 */

import type {
  Body,
  ChangeReport,
  Connection,
  Frame,
  GpuRow,
  Intent,
  Operations,
  Preferences,
  Row,
  Topic,
} from '$bindings/contract';
import { apiError, type Host, type Listener, type Subscribed } from '../host';
import { jobHistory, usageHistory } from './jobHistory';
import { fleet, gpuCapacity, gpuComparison, gpuDetail, gpuHistory, gpuMap, gpusOf } from './gpus';
import { jobDetail, jobsOf, jobSummary, queueRows } from './jobs';
import { ATTENTION, layerRows } from './layers';
import { clusters, namespaces, pods, PROBLEMS, watches } from './lists';
import { conformanceRows, lifecycleRows, mapRows, needRows } from './map';
import { gpuNodes, manyNodes } from './nodes';
import { edit, manifest, permissions } from './object';
import { ago } from './phrases';
import { recipes } from './recipes';
import { rollout } from './rollout';
import { describeField } from './schema';
import { storageRows } from './storage';
import { change, deploy } from './changes';
import { checks, plan, render } from './filled';
import { FakeProtection, interruptedOf, journal } from './journal';
import { deletion, differenceOf, releaseOf, releaseRows, releasesOf, rollBack } from './releases';
import { answerRows, begin, byHand, loadRow, modelServers, servedModels, stop } from './playground';
import { TILES } from './tiles';
import { traceOf } from './traces';
import { accelerator, decideTrial, endProcess, machine, processes, setDevice } from './workstation';

type Keyed = Body['upsert'];

const HEARTBEAT = 2_000;

const SURVEYS = {
  map: mapRows,
  needs: needRows,
  lifecycle: lifecycleRows,
  storage: storageRows,
  conformance: conformanceRows,
};

export function fakeHost(scene: string): Host {
  const preferences: Preferences = {
    theme: 'system',
    language: 'system',
    role: 'none',
    open_clusters:
      scene === 'first'
        ? []
        : clusters({ state: 'idle' })
            .slice(0, 4)
            .map((row) => row.cluster),
    address: scene === 'first' ? '' : 'prod-fra/stack',
    gpu_prices: [],
    currency: '$',
  };

  const protection = new FakeProtection(scene);
  /** A protected cluster that is unlocked is like any other. */
  const sceneOf = (cluster: string | null) =>
    scene === 'protected' && !protection.isLocked(cluster ?? '') ? 'stack' : scene;

  const answers: {
    [Name in keyof Operations]: (request: Operations[Name][0]) => Operations[Name][1];
  } = {
    about: () => ({ version: '0.1.0', components: 94 }),
    read_catalog: () => ({ layers: [], components: [], roles: [] }),
    connect_cluster: () => ({}),
    disconnect_cluster: () => ({}),
    approve_credential_plugin: () => ({}),
    add_kubeconfig: ({ path }) => {
      throw apiError('not_found', `there is no file at ${path}`);
    },
    remove_kubeconfig: () => ({}),
    read_preferences: () => preferences,
    save_preferences: (chosen) => Object.assign(preferences, chosen),
    explain_object: ({ kind, namespace, name }) => ({
      object: { kind, namespace, name },
      standing: 'healthy',
      summary: { code: 'why_ready_count', values: { ready: { number: 1 }, pods: { number: 1 } } },
      others: [],
      unread: [],
    }),
    read_timeline: () => ({ entries: [], more: 0, unread: [] }),
    read_job_logs: () => ({ text: '', lines: 0 }),
    act_on_objects: ({ intent }) => reportOf(intent),
    settle_change: ({ intent }) => reportOf(intent),
    end_process: (request) => endProcess(request),
    set_device: (request) => setDevice(request),
    decide_trial: (request) => decideTrial(request),
    read_journal: (request) => ({ entries: journal(scene, request) }),
    read_interrupted: () => ({ entries: interruptedOf(scene) }),
    verify_journal: () => ({ lines: 1_284, head: '9f2c41d07be35a68c1f04d2ab97e6630' }),
    read_permissions: (request) => permissions(scene, request),
    read_manifest: (request) => manifest(request),
    edit_object: (request) => edit(sceneOf(request.cluster), request),
    read_protection: ({ cluster }) => protection.of(cluster),
    protect_cluster: (request) => protection.protect(request.cluster, request.is_protected),
    unlock_cluster: (request) => protection.unlock(request.cluster, request.minutes),
    read_prometheus: ({ cluster }) => ({ cluster }),
    save_prometheus: (setting) => setting,
    try_prometheus: () => ({ version: '3.5.0', devices: 416, took_milliseconds: 38 }),
    gpu_history: (question) => gpuHistory(question),
    compare_gpus: (question) => gpuComparison(question),
    job_history: (request) => jobHistory(request),
    usage_history: (request) => usageHistory(request),
    draw_gpu: () => {
      throw apiError('unsupported', 'design data has no pictures');
    },
    read_recipes: () => recipes(),
    render_recipe: (request) => render(request),
    check_deployment: (request) => checks(request),
    deploy_recipe: (request) => deploy(sceneOf(request.recipe.cluster), request),
    read_releases: ({ namespace }) => ({ releases: releasesOf(scene, namespace) }),
    read_release: (request) => releaseOf(scene, request),
    compare_revisions: (request) => differenceOf(request),
    roll_back_release: (request) => rollBack(sceneOf(request.cluster), request),
    delete_release: (request) => deletion(protection.isLocked(request.cluster), request),
    change_release: ({ intent }) => reportOf(intent),
    fit_model: () => ({ choices: [] }),
    read_local_runtimes: () => ({ runtimes: [], places: [] }),
    read_local_containers: () => ({ containers: [], beginnings: [] }),
    read_local_log: () => ({ text: '' }),
    stop_locally: () => ({}),
    remove_locally: () => ({}),
    run_locally: () => {
      throw apiError('unavailable', 'no runtime answers here');
    },
    plan_model: (request) => plan(request),
    read_rollout: (request) => rollout(request),
    describe_field: (request) => describeField(request),
    change_objects: (request) => change(sceneOf(request.cluster), request),
    read_models: ({ server }) => servedModels(scene, server.name),
    ask_model: () => begin(scene),
    ask_by_hand: (asked) => byHand(asked),
    start_load_test: (request) => begin(scene, request),
    stop_trial: ({ trial }) => {
      stop(trial);
      return {};
    },
    delete_objects: ({ intent }) => reportOf(intent),
    diagnose_connection: () => ({
      steps: [
        {
          step: 'configuration',
          outcome: 'passed',
          message: 'entries and certificates read',
          advice: '',
          took_milliseconds: 1,
        },
        {
          step: 'credentials',
          outcome: 'not_needed',
          message: 'a client certificate is used',
          advice: '',
          took_milliseconds: 0,
        },
        { step: 'name', outcome: 'passed', message: '10.20.0.4', advice: '', took_milliseconds: 3 },
        {
          step: 'tcp',
          outcome: 'passed',
          message: '10.20.0.4:6443',
          advice: '',
          took_milliseconds: 14,
        },
        {
          step: 'tls',
          outcome: 'failed',
          message: 'the certificate expired on 2026-05-02',
          advice: 'Ask for a new serving certificate.',
          took_milliseconds: 22,
        },
        {
          step: 'authentication',
          outcome: 'skipped',
          message: '',
          advice: '',
          took_milliseconds: 0,
        },
        { step: 'permission', outcome: 'skipped', message: '', advice: '', took_milliseconds: 0 },
        { step: 'version', outcome: 'skipped', message: '', advice: '', took_milliseconds: 0 },
      ],
    }),
  };

  return {
    call: (operation, request) =>
      new Promise((resolve, reject) => {
        setTimeout(() => {
          try {
            resolve(answers[operation](request));
          } catch (thrown) {
            reject(thrown);
          }
        }, 30);
      }),

    subscribe: (topic, listener) =>
      scene === 'refused' && (topic.topic === 'stack' || topic.topic in SURVEYS)
        ? Promise.reject(
            apiError('internal', `the engine could not project the ${topic.topic}`, [
              'a row of kind `tile` has no subject',
            ]),
          )
        : Promise.resolve(play(scene, topic, listener)),

    onlink: (listener) => {
      if (scene === 'lost') listener({ state: 'lost', since: Date.now() - 9_000 });
      else if (scene === 'locked') listener({ state: 'locked' });
      else listener({ state: 'up' });
      return () => undefined;
    },
  };
}

/** A change without anything in its way. */
function reportOf(intent: Intent): ChangeReport {
  const outcome = intent === 'preview' ? 'ready' : 'applied';
  return { intent, outcome, obstacles: [], consequences: [], steps: [] };
}

/** A snapshot, then heartbeats. */
function play(scene: string, topic: Topic, listener: Listener): Subscribed {
  let seq = 0;
  const send = (frame: Frame) => listener.onframe(frame);
  // Nothing of a survey is told before its lists were read.
  const isToCome = scene === 'loading' && topic.topic in SURVEYS;
  const first = setTimeout(() => {
    if (isToCome) return;
    const { rows, total } = rowsOf(scene, topic);
    const count = total ?? rows.length;
    send({
      frame: 'snapshot',
      seq,
      body: {
        total: count,
        unfiltered: count,
        order: rows.map(({ id }) => id),
        upsert: rows,
        drop: [],
      },
    });
  }, 40);
  const isTrial = topic.topic === 'answer' || topic.topic === 'load_test';
  const beat = setInterval(
    () => {
      seq += 1;
      if (['clusters', 'gpu_map', 'workstation'].includes(topic.topic) || isTrial) {
        const { rows } = rowsOf(scene, topic, seq);
        const isOrdered = isTrial || topic.topic === 'workstation';
        // From here on it is the interface's work: what tests/e2e/measure reads.
        performance.mark('fake-frame');
        send({
          frame: 'delta',
          seq,
          body: {
            total: rows.length,
            unfiltered: rows.length,
            ...(isOrdered ? { order: rows.map(({ id }) => id) } : {}),
            upsert: rows,
            drop: [],
          },
        });
      } else {
        send({ frame: 'heartbeat', seq });
      }
    },
    isTrial ? 100 : HEARTBEAT,
  );
  return {
    acknowledge: () => undefined,
    unsubscribe: () => {
      clearTimeout(first);
      clearInterval(beat);
    },
  };
}

function connection(scene: string): Connection {
  switch (scene) {
    case 'loading':
      return { state: 'live', version: 'v1.36.2', complete: false };
    case 'connecting':
      return { state: 'connecting', step: 'tls' };
    case 'stale':
      return {
        state: 'stale',
        since: ago(48),
        reason: 'the server stopped answering: connection reset by peer',
        retry_at: ago(-4),
      };
    case 'failed':
      return {
        state: 'failed',
        step: 'authentication',
        message: 'the server answered 401 Unauthorized: the token expired at 09:12',
        advice: 'Log in again, for example with `kubelogin`, then retry.',
        retry_at: ago(-18),
      };
    case 'approval':
      return {
        state: 'needs_approval',
        command: 'aws eks get-token --cluster-name prod-fra --output json',
        digest: 'sha256:5f0c1e3a9b7d4c268a1077e2d1979a31',
      };
    case 'idle':
    case 'first':
      return { state: 'idle' };
    default:
      return { state: 'live', version: 'v1.36.2', complete: true };
  }
}

/** The GPUs of a scene, made once: 8,000 of a thousand nodes, or those of a few racks. */
const fleets = new Map<number, GpuRow[]>();

function gpusOfScene(scene: string): GpuRow[] {
  if (scene === 'empty' || scene === 'loading') return [];
  const nodes = scene === 'thousand' ? 1_000 : 48;
  const known = fleets.get(nodes) ?? fleet(nodes);
  fleets.set(nodes, known);
  return known;
}

function rowsOf(scene: string, topic: Topic, turn = 0): { rows: Keyed; total?: number } {
  switch (topic.topic) {
    case 'clusters':
      return {
        rows: [
          ...clusters(connection(scene)).map((row) =>
            keyed(row.cluster, { row: 'cluster', ...row }),
          ),
          ...PROBLEMS.map((row) =>
            keyed(`${row.file}#${row.context}`, { row: 'context_problem', ...row }),
          ),
        ],
      };
    case 'stack':
      return { rows: stack(scene, topic.namespaces) };
    case 'trace': {
      const trace = traceOf(topic.subject, topic.direction);
      return { rows: trace === undefined ? [] : [keyed('trace', { row: 'trace', ...trace })] };
    }
    case 'pods': {
      const all = pods(scene === 'thousand' ? 5_000 : 4);
      const { first, count } = topic.window;
      return {
        rows: all
          .slice(first, first + count)
          .map((row) => keyed(`${row.namespace}/${row.name}`, { row: 'pod', ...row })),
        total: all.length,
      };
    }
    case 'jobs':
      return scene === 'empty' ? { rows: [] } : jobsOf(topic);
    case 'job_summary':
      return { rows: [keyed('summary', { row: 'job_summary', ...jobSummary() })] };
    case 'job': {
      const detail = jobDetail(topic.name);
      return { rows: detail === undefined ? [] : [keyed('job', { row: 'job_detail', ...detail })] };
    }
    case 'workstation':
      return {
        rows: [
          keyed('machine', { row: 'workstation', ...machine(scene) }),
          ...(scene === 'none' || scene === 'mismatch'
            ? []
            : [
                keyed('device', { row: 'accelerator', ...accelerator(scene) }),
                ...processes().map((row) =>
                  keyed(`process/${row.pid}`, { row: 'process', ...row }),
                ),
              ]),
        ],
      };
    case 'queues':
      return { rows: queueRows().map((row) => keyed(row.name, { row: 'queue', ...row })) };
    case 'releases':
      return {
        rows: releaseRows(scene).map((row) =>
          keyed(`${row.namespace}/${row.name}`, { row: 'release', ...row }),
        ),
      };
    case 'namespaces':
      return { rows: namespaces().map((row) => keyed(row.name, { row: 'namespace', ...row })) };
    case 'watches':
      return {
        rows: watches(
          scene === 'loading'
            ? 'loading'
            : scene === 'forbidden'
              ? 'forbidden'
              : scene === 'stale'
                ? 'stale'
                : 'live',
        ).map((row) => keyed(`${row.kind}.${row.group}`, { row: 'watch', ...row })),
      };
    case 'model_servers': {
      if (scene === 'loading') return { rows: [] };
      const all = modelServers(scene, topic.filter);
      return {
        rows: all.map((row) =>
          keyed([row.group, row.kind, row.namespace, row.name].join('/'), {
            row: 'model_server',
            ...row,
          }),
        ),
      };
    }
    case 'answer':
      return { rows: answerRows(scene, topic.trial) };
    case 'load_test': {
      const row = loadRow(topic.trial);
      return { rows: row === undefined ? [] : [keyed('load', { row: 'load_test', ...row })] };
    }
    case 'map':
    case 'needs':
    case 'lifecycle':
    case 'storage':
    case 'conformance': {
      const ground = scene === 'empty' ? 'bare' : scene === 'forbidden' ? 'forbidden' : 'whole';
      return { rows: SURVEYS[topic.topic](ground).map(({ id, ...row }) => keyed(id, row)) };
    }
    case 'gpu_map': {
      const { head, blocks } = gpuMap(gpusOfScene(scene), topic.colour, turn);
      return {
        rows: [
          keyed('map', { row: 'gpu_map', ...head }),
          ...blocks.map((row) => keyed(`block/${row.name}`, { row: 'gpu_block', ...row })),
        ],
      };
    }
    case 'gpus': {
      const { rows, total } = gpusOf(gpusOfScene(scene), topic);
      return {
        rows: rows.map((row) => keyed(`${row.node}/${row.index}`, { row: 'gpu', ...row })),
        total,
      };
    }
    case 'gpu': {
      const own = gpusOfScene(scene).find(
        ({ node, index }) => node === topic.node && index === topic.index,
      );
      return {
        rows: own === undefined ? [] : [keyed('gpu', { row: 'gpu_detail', ...gpuDetail(own) })],
      };
    }
    case 'gpu_capacity': {
      const { capacity, shares, fits, offers } = gpuCapacity(gpusOfScene(scene));
      return {
        rows: [
          keyed('capacity', { row: 'gpu_capacity', ...capacity }),
          ...shares.map((row) => keyed(`${row.by}/${row.name}`, { row: 'gpu_share', ...row })),
          ...fits.map((row) => keyed(`fit/${row.model}`, { row: 'gpu_fit', ...row })),
          ...offers.map((row) => keyed(`offer/${row.model}`, { row: 'gpu_offer', ...row })),
        ],
      };
    }
    // The design data have no logs of their own; the demo cluster has.
    case 'job_logs':
    case 'job_log_summary':
      return { rows: [] };
  }
}

function stack(scene: string, asked: readonly string[]): Keyed {
  if (scene === 'loading') {
    return layerRows({
      headline: undefined,
      loading: true,
      counts: [],
      trend: [],
      severity: 'unknown',
      tally: { ok: 0, paused: 0, unknown: 0, notice: 0, warning: 0, critical: 0 },
    } as never).map((row) => keyed(row.layer, { row: 'layer', ...row }));
  }
  if (scene === 'empty') {
    return layerRows({
      headline: undefined,
      counts: [],
      trend: [],
      severity: 'ok',
      tally: { ok: 0, paused: 0, unknown: 0, notice: 0, warning: 0, critical: 0 },
    } as never).map((row) => keyed(row.layer, { row: 'layer', ...row }));
  }
  const rows = layerRows().map((row) => {
    if (scene !== 'forbidden') return row;
    if (row.layer === 'platform')
      return {
        ...row,
        forbidden: ['list workloads.kueue.x-k8s.io', 'list clusterqueues.kueue.x-k8s.io'],
      };
    return row.layer === 'hardware' ? { ...row, forbidden: ['list nodes'] } : row;
  });
  const isShown = (namespaces: readonly string[]) =>
    asked.length === 0 || namespaces.some((name) => asked.includes(name));
  const tiles = TILES.filter((tile) => tile.layer !== 'workloads' || isShown(tile.namespaces));
  const nodes = scene === 'thousand' ? manyNodes(1_200) : gpuNodes();
  return [
    ...rows.map((row) => keyed(row.layer, { row: 'layer', ...row })),
    ...tiles.map((row) => keyed(row.subject, { row: 'tile', ...row })),
    ...nodes.map((row) => keyed(`gpu/${row.node}`, { row: 'gpu_node', ...row })),
    ...ATTENTION.map((row, at) => keyed(`attention/${at}`, { row: 'attention', ...row })),
  ];
}

function keyed(id: string, row: Row): Keyed[number] {
  return { id, row };
}
