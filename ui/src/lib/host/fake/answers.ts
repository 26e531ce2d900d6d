/** What the design data answer to each operation. */

import type { ChangeReport, Intent, Operations, Preferences, StepReport } from '$bindings/contract';
import { apiError } from '../host';
import { change, deploy } from './changes';
import { checks, plan, render } from './filled';
import { clusterUsage, gpuComparison, gpuHistory, gpuMoment } from './gpuPast';
import { jobHistory, usageHistory } from './jobHistory';
import { FakeProtection, interruptedOf, journal } from './journal';
import { clusters } from './lists';
import {
  cancelLocally,
  localContainers,
  localLog,
  localModels,
  localRuntimes,
  removeLocally,
  runLocally,
  stopLocally,
} from './local';
import { edit, manifest, permissions } from './object';
import { begin, byHand, servedModels, stop } from './playground';
import { deletion, differenceOf, releaseOf, releasesOf, rollBack } from './releases';
import { recipes } from './recipes';
import { rollout } from './rollout';
import { gpusOfScene } from './rows';
import { describeField } from './schema';
import { decideTrial, endProcess, keepingOf, machineHistory, setDevice } from './workstation';

type Answers = {
  [Name in keyof Operations]: (request: Operations[Name][0]) => Operations[Name][1];
};

/** The answers of a scene; what is changed by one is so for the next. */
export function answersOf(scene: string): Answers {
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

  return {
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
    read_permissions: (request) => permissions(scene, request),
    read_manifest: (request) => manifest(request),
    edit_object: (request) => edit(sceneOf(request.cluster), request),
    verify_journal: () => ({ lines: 1_284, head: '9f2c41d07be35a68c1f04d2ab97e6630' }),
    read_protection: ({ cluster }) => protection.of(cluster),
    protect_cluster: (request) => protection.protect(request.cluster, request.is_protected),
    unlock_cluster: (request) => protection.unlock(request.cluster, request.minutes),
    read_namespaces: ({ cluster }) => ({
      cluster,
      own: 'training',
      namespaces: scene === 'partial' ? ['team-search', 'vault'] : [],
      most: 16,
    }),
    name_namespaces: ({ cluster, namespaces }) => ({
      cluster,
      own: 'training',
      namespaces,
      most: 16,
    }),
    read_prometheus: ({ cluster }) => ({ cluster }),
    save_prometheus: (setting) => setting,
    try_prometheus: () => ({
      version: '3.5.0',
      devices: 416,
      missing: '',
      took_milliseconds: 38,
    }),
    gpu_history: (question) => gpuHistory(question),
    compare_gpus: (question) => gpuComparison(question),
    job_history: (request) => jobHistory(request),
    usage_history: (request) =>
      request.by === undefined
        ? clusterUsage(gpusOfScene(scene), request.span)
        : usageHistory(request),
    gpu_moment: (request) => gpuMoment(gpusOfScene(scene), request),
    draw_gpu: () => {
      throw apiError('unsupported', 'design data has no pictures');
    },
    machine_history: (question) => machineHistory(scene, question),
    read_keeping: () => keepingOf(scene),
    draw_machine: () => {
      throw apiError('unsupported', 'design data has no pictures');
    },
    draw_gpu_map: () => {
      throw apiError('unsupported', 'design data has no pictures');
    },
    draw_usage: () => {
      throw apiError('unsupported', 'design data has no pictures');
    },
    draw_capacity: () => {
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
    read_local_runtimes: () => localRuntimes(scene),
    read_local_containers: ({ runtime }) => localContainers(scene, runtime),
    read_local_log: (one) => ({ text: localLog(one) }),
    cancel_locally: (one) => {
      cancelLocally(one);
      return {};
    },
    stop_locally: (one) => {
      stopLocally(one);
      return {};
    },
    remove_locally: (one) => {
      removeLocally(one);
      return {};
    },
    run_locally: (request) => runLocally(request),
    plan_model: (request) => plan(request),
    read_rollout: (request) => rollout(request),
    describe_field: (request) => describeField(request),
    change_objects: (request) => change(sceneOf(request.cluster), request),
    read_models: ({ server }) =>
      server.cluster === '' ? localModels(server.name) : servedModels(scene, server.name),
    ask_model: () => begin(scene),
    ask_by_hand: (asked) => byHand(asked),
    start_load_test: (request) => begin(scene, request),
    stop_trial: ({ trial }) => {
      stop(trial);
      return {};
    },
    delete_objects: ({ intent }) => reportOf(intent),
    diagnose_connection: () => ({ steps: DIAGNOSIS }),
  };
}

/** A change without anything in its way. */
function reportOf(intent: Intent): ChangeReport {
  const outcome = intent === 'preview' ? 'ready' : 'applied';
  return { intent, outcome, obstacles: [], consequences: [], steps: [] };
}

/** A server whose certificate has expired. */
const DIAGNOSIS: StepReport[] = [
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
];
