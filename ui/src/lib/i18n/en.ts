/** The interface's own words in English. `zh.ts` must say every one of them. */

import type { Direction, ErrorCode, Layer, Severity } from '$bindings/contract';
import { grouped } from '$lib/format/number';
import { activity } from './en/activity';
import { change } from './en/change';
import { clusters } from './en/clusters';
import { connecting } from './en/connecting';
import { deed } from './en/deed';
import { deploy } from './en/deploy';
import { deviceClaims } from './en/deviceClaims';
import { figures } from './en/figures';
import { gpuNodes } from './en/gpuNodes';
import { gpuPanel } from './en/gpuPanel';
import { gpuPast } from './en/gpuPast';
import { gpus } from './en/gpus';
import { history } from './en/history';
import { map } from './en/map';
import { jobHistory } from './en/jobHistory';
import { jobs } from './en/jobs';
import { pastJobs } from './en/pastJobs';
import { prometheus } from './en/prometheus';
import { releases } from './en/releases';
import { playground } from './en/playground';
import { plural } from './en/plural';
import { local } from './en/local';
import { machine } from './en/machine';
import { windowTable } from './en/windowTable';
import { workstation } from './en/workstation';

export const en = {
  tongue: 'English',

  activity,
  change,
  deed,
  deploy,
  releases,

  gpus,
  deviceClaims,
  gpuNodes,
  figures,
  gpuPanel,
  gpuPast,
  windowTable,
  history,
  jobHistory,
  pastJobs,
  prometheus,
  playground,
  workstation,
  local,
  machine,

  severity: {
    ok: 'ok',
    paused: 'paused',
    unknown: 'unknown',
    notice: 'notice',
    warning: 'warning',
    critical: 'critical',
  } satisfies Record<Severity, string>,

  layer: {
    workloads: 'Workloads',
    lifecycle: 'Lifecycle',
    platform: 'Platform',
    infrastructure: 'Infrastructure',
    hardware: 'Hardware',
  } satisfies Record<Layer, string>,

  direction: {
    depends_on: 'Depends on',
    would_fail: 'Would fail',
  } satisfies Record<Direction, string>,

  ...connecting,

  error: {
    unauthorized: {
      sentence: 'The credentials are missing, wrong or expired.',
      action: 'Log in again with your cluster’s tool, then retry.',
    },
    forbidden: {
      sentence: 'You are known, but not allowed to do this.',
      action: 'Ask for the permission that the message names.',
    },
    not_found: {
      sentence: 'What was asked for is not there.',
      action: 'It may have been deleted; choose another.',
    },
    conflict: {
      sentence: 'It changed meanwhile.',
      action: 'Look at it again, then retry.',
    },
    unavailable: {
      sentence: 'Nothing answers.',
      action: 'Check the network and the server, then retry.',
    },
    timeout: {
      sentence: 'It took too long.',
      action: 'Retry; diagnose the connection if it stays slow.',
    },
    invalid_input: {
      sentence: 'What was asked makes no sense.',
      action: 'Correct it and retry.',
    },
    unsupported: {
      sentence: 'The other side cannot do this.',
      action: 'A newer version of the cluster or of Strata may.',
    },
    internal: {
      sentence: 'A fault of Strata.',
      action: 'Retry; please report it if it happens again.',
    },
  } satisfies Record<ErrorCode, { sentence: string; action: string }>,

  act: {
    retry: 'Retry',
    close: 'Close',
    back: 'Back',
    copied: 'Copied',
    copyCommand: 'Copy command',
    copyAddress: 'Copy address',
    connect: 'Connect',
    disconnect: 'Disconnect',
    diagnose: 'Diagnose',
    add: 'Add',
    forget: 'Forget',
    approve: 'Approve and run',
    clear: 'clear',
    clearFilter: 'Clear the filter',
    open: 'open',
    show: 'Show',
    chooseCluster: 'Choose a cluster',
  },

  time: {
    since: (time: string) => `stale since ${time}`,
    retryIn: (span: string) => `tries again in ${span}`,
    retryNow: 'tries again now',
  },

  frame: {
    views: 'Views',
    stack: 'Stack',
    map: 'Map',
    gpus: 'GPUs',
    jobs: 'Jobs',
    deploy: 'Deploy',
    workstation: 'Workstation',
    activity: 'Activity',
    interrupted: (count: number) => plural(count, 'change cut off', 'changes cut off'),
    settings: 'Settings',
    clusters: 'Clusters',
    addCluster: 'Clusters and contexts',
    namespace: 'Namespace',
    allNamespaces: (count: number | null) => (count === null ? 'all' : `all ${grouped(count)}`),
    someNamespaces: (count: number) => plural(count, 'namespace', 'namespaces'),
    filterNamespaces: 'Filter namespaces',
    namespacesAllHere: 'This view shows all namespaces',
    noNamespace: (filter: string) => `No namespace contains “${filter}”.`,
    palette: 'Go to a view, object or action',
    paletteShort: 'Go to, run…',
    paletteNothing: (filter: string) => `Nothing here is called “${filter}”.`,
    paletteHint: 'move, open, close',
    help: 'Keyboard',
    helpNote: 'Only what works here now is listed.',
    criticals: (count: number) => plural(count, 'critical', 'criticals'),
    address: 'Address of this view',
    closeDock: 'Close the panel',
    lost: 'Strata does not answer',
    lostSince: (age: string) => `No answer for ${age}. What you see is what it said last.`,
    lostRetry: 'It is tried again every few seconds; start it again if it was closed.',
    noToken: 'This page needs the link that Strata printed',
    noTokenWhy: 'Each start of `strata serve` has its own link. Open the one from its last start.',
  },

  group: {
    go: 'Go to',
    stack: 'Stack',
    gpus: 'GPUs',
    jobs: 'Jobs',
    deploy: 'Deploy',
    workstation: 'Workstation',
    activity: 'Activity',
    view: 'View',
    clusters: 'Clusters',
    tiles: 'On the stack',
    pods: 'Pods',
    settings: 'Settings',
  },

  command: {
    palette: 'Go to a view, object or action',
    help: 'Show the keys',
    back: 'Clear, or go back',
    next: 'Next tile or line',
    previous: 'Previous tile or line',
    arrows: 'To the tile beside',
    open: 'Light the path of the tile',
    filter: 'Filter namespaces',
    layer: (layer: string) => `To ${layer}`,
    dependsOn: 'What it depends on',
    wouldFail: 'What would fail with it',
    copyAddress: 'Copy the address of this view',
    watches: 'Watches',
    themeDark: 'Dark theme',
    themeLight: 'Light theme',
    themeSystem: 'Theme of the desktop',
    english: 'English',
    chinese: '简体中文',
  },

  watches: {
    title: 'Watches',
    live: (live: number, all: number) => `${grouped(live)} of ${grouped(all)} watches live`,
    forbidden: (count: number) => `${grouped(count)} forbidden`,
    notServed: (count: number) => `${plural(count, 'kind', 'kinds')} not served`,
    objects: 'objects',
    frame: 'frame',
    kind: 'Kind',
    group: 'API group',
    core: 'core',
    state: 'State',
    detail: 'Detail',
    count: 'Objects',
    bytes: 'Read',
    heard: 'Heard',
    loading: (soFar: number, expected: number | undefined) =>
      expected === undefined
        ? `${grouped(soFar)} so far`
        : `${grouped(soFar)} of about ${grouped(expected)}`,
    empty: 'Nothing is watched yet; watches start when the cluster is connected.',
    disconnected: 'not connected',
  },

  stack: {
    nothingLit: 'Point at a tile to see its path through the layers; Enter keeps it lit.',
    noPath: 'It is not there now; the path lights when it comes back.',
    tracing: 'Following the path',
    noFault: 'no fault on this path',
    faults: (count: number) => `${plural(count, 'fault', 'faults')} on this path`,
    more: (count: number) => `+${grouped(count)} more, no fault`,
    moreFaults: (count: number, faults: number) =>
      `+${grouped(count)} more, ${plural(faults, 'fault', 'faults')}`,
    foldTitle: (layer: string) => `All of ${layer}`,
    ready: (ready: string, desired: string) => `${ready} of ${desired} ready`,
    nodeTile: 'node',
    gpusUsed: (count: number) => plural(count, 'GPU used', 'GPUs used'),
    moreNodes: (count: number) => plural(count, 'more node', 'more nodes'),
    missing: 'Missing permission',
    forbiddenCount: (count: number) => `${grouped(count)} forbidden`,
    emptyBand: {
      workloads: 'No application runs here. Deploy a model, or widen the namespace filter.',
      lifecycle: 'No serving, training or pipeline component was found.',
      platform: 'No component of the platform was found.',
      infrastructure: 'No component of the infrastructure was found.',
      hardware:
        'No accelerator is offered by any node: a device plugin or a DRA driver would offer them.',
    } satisfies Record<Layer, string>,
    filteredBand: (namespaces: string) => `Nothing runs in ${namespaces}.`,
    noGpus: 'No node offers its GPUs: a device plugin or a DRA driver would.',
    loadingBand: 'reading',
    loading: (soFar: number, expected: number | undefined, what: string) =>
      expected === undefined
        ? `${what}: ${grouped(soFar)} so far`
        : `${what}: ${grouped(soFar)} of about ${grouped(expected)}`,
    legend: 'GPUs',
    allocated: 'allocated',
    free: 'free',
    unhealthy: 'unhealthy',
    unknown: 'unknown',
    nodeGpus: (allocated: string, total: string) => `${allocated} of ${total} GPUs allocated`,
    nodeUnhealthy: (count: number) => `${grouped(count)} unhealthy`,
    nodeUnknown: 'not ready: nothing is known of its GPUs now',
    nodeShared: 'shared devices',
    nodes: (count: number) => plural(count, 'node', 'nodes'),
    aggregated: 'a cell is a node',
    trend: (label: string, span: string) => `${label}, last ${span}`,
    source: 'Source',
  },

  attention: {
    title: 'Needs attention',
    ranked: 'ranked by harm',
    none: 'Nothing needs attention.',
    noneFiltered: (namespaces: string) => `Nothing needs attention in ${namespaces}.`,
    more: (count: number) => `${grouped(count)} more`,
    fewer: 'Show the first six',
    open: 'Show its path',
    next: 'Next',
  },

  path: {
    title: 'Path',
    pods: (count: number) => plural(count, 'pod', 'pods'),
    pod: 'pod',
    node: 'node',
    gpus: 'GPUs',
    ready: 'ready',
    age: 'age',
    noPods: 'No pod is on this path.',
    unbound: 'not placed',
  },

  clusters,

  map,

  settings: {
    title: 'Settings',
    lead: 'Kept on this computer, for you alone.',
    theme: 'Theme',
    themes: { system: 'As the desktop', dark: 'Dark', light: 'Light' },
    language: 'Language',
    languages: { system: 'As the desktop', en: 'English', zh: '简体中文' },
    role: 'Role',
    noRole: 'None',
    roleLead:
      'Its views stand first in the rail, its layers first among equally bad lines of the attention list. No fault is hidden or put behind a lesser one.',
    files: 'Kubeconfig files',
    filesLead:
      'Files of KUBECONFIG and the home folder are read by themselves, and read again when they change.',
    fileContexts: (count: number) => plural(count, 'context', 'contexts'),
    byHand: 'added by hand',
    about: 'About',
    version: (version: string) => `Strata ${version}`,
    components: (count: number) => `${grouped(count)} components in the catalogue`,
    notSaved: 'Your choice holds until Strata is closed; it could not be kept.',
  },

  jobs,

  stream: {
    ended: {
      shutdown: 'Strata is closing.',
      abandoned: 'The view slept; it is being read again.',
      gone: 'Its context was removed.',
    },
  },
};

/** What every language must say. */
export type Dictionary = typeof en;
