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
import { deviceErrors } from './en/deviceErrors';
import { deviceOffers } from './en/deviceOffers';
import { figureDefinitions } from './figures';
import { links } from './en/links';
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
import { reach } from './en/reach';
import { releases } from './en/releases';
import { playground } from './en/playground';
import { plural } from './en/plural';
import { local } from './en/local';
import { machine } from './en/machine';
import { machinePast } from './en/machinePast';
import { windowTable } from './en/windowTable';
import { workstation } from './en/workstation';
import { usagePicture } from './en/usagePicture';

export const en = {
  tongue: 'English',

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
  figures: figureDefinitions('en'),
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
      sentence: 'You are signed in, but not allowed to do this.',
      action: 'Ask for the permission named in the message.',
    },
    not_found: {
      sentence: 'What was asked for does not exist.',
      action: 'It may have been deleted; choose another.',
    },
    conflict: {
      sentence: 'It was changed in the meantime.',
      action: 'Review it again, then retry.',
    },
    unavailable: {
      sentence: 'The server does not respond.',
      action: 'Check the network and the server, then retry.',
    },
    timeout: {
      sentence: 'It took too long.',
      action: 'Retry; diagnose the connection if it stays slow.',
    },
    invalid_input: {
      sentence: 'The request is not valid.',
      action: 'Correct it and retry.',
    },
    unsupported: {
      sentence: 'This is not supported here.',
      action: 'A newer version of the cluster or of Strata may support it.',
    },
    internal: {
      sentence: 'Something went wrong inside Strata.',
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
    someForbidden:
      'You may not read all lists, so there may be more. The watches (`w`) name what is missing.',
    palette: 'Go to a view, object or action',
    paletteShort: 'Go to, run…',
    paletteNothing: (filter: string) => `Nothing here is called “${filter}”.`,
    paletteHint: 'move, open, close',
    help: 'Keyboard',
    helpNote: 'Only the keys that work in this view are listed.',
    criticals: (count: number) => plural(count, 'critical', 'criticals'),
    address: 'Address of this view',
    closeDock: 'Close the panel',
    lost: 'Strata does not answer',
    lostSince: (age: string) => `No response for ${age}. What you see is the last known state.`,
    lostRetry: 'Retrying every few seconds. If Strata was closed, start it again.',
    noToken: 'This page needs the link that Strata printed',
    noTokenWhy: 'Every start of `strata serve` prints a link of its own. Open the latest one.',
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
    help: 'Show keyboard shortcuts',
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
    heard: 'Last heard',
    loading: (soFar: number, expected: number | undefined) =>
      expected === undefined
        ? `${grouped(soFar)} so far`
        : `${grouped(soFar)} of about ${grouped(expected)}`,
    empty: 'Nothing is watched yet; watches start when the cluster is connected.',
    disconnected: 'not connected',
  },

  stack: {
    nothingLit: 'Point at a tile to see its path through the layers; Enter keeps it lit.',
    nothingFailing: 'Point at a tile to see what would fail with it; Enter keeps it lit.',
    noPath: 'It is not there right now; the path lights up when it returns.',
    tracing: 'Following the path',
    noFault: 'no fault on this path',
    faults: (count: number) => `${plural(count, 'fault', 'faults')} on this path`,
    faultCount: (count: number) => plural(count, 'fault', 'faults'),
    more: (count: number) => `+${grouped(count)} more, no fault`,
    moreFaults: (count: number, faults: number) =>
      `+${grouped(count)} more, ${plural(faults, 'fault', 'faults')}`,
    foldTitle: (layer: string) => `All of ${layer}`,
    ready: (ready: string, desired: string) => `${ready} of ${desired} ready`,
    nodeTile: 'node',
    gpusUsed: (count: number) => plural(count, 'GPU used', 'GPUs used'),
    moreNodes: (count: number) => plural(count, 'more node', 'more nodes'),
    missing: 'Missing permission',
    moreMissing: (count: number) => `${grouped(count)} more`,
    gpusForbidden: 'The GPUs are not known: you may not read all that tells of them.',
    forbiddenCount: (count: number) => `${grouped(count)} forbidden`,
    emptyBand: {
      workloads: 'No application runs here. Deploy a model, or widen the namespace filter.',
      lifecycle: 'No serving, training or pipeline component was found.',
      platform: 'No component of the platform was found.',
      infrastructure: 'No component of the infrastructure was found.',
      hardware: 'No node offers accelerators; a device plugin or a DRA driver is needed for that.',
    } satisfies Record<Layer, string>,
    filteredBand: (namespaces: string) => `Nothing runs in ${namespaces}.`,
    noGpus: 'No node offers GPUs; a device plugin or a DRA driver is needed for that.',
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
    nodeUnknown: 'not ready: the state of its GPUs is unknown',
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
      'The views of a role come first in the rail, and its layers first among attention lines of equal severity. No fault is hidden or ranked below a lesser one.',
    files: 'Kubeconfig files',
    filesLead:
      'The files of KUBECONFIG and ~/.kube/config are read automatically, and again when they change.',
    fileContexts: (count: number) => plural(count, 'context', 'contexts'),
    byHand: 'added by hand',
    about: 'About',
    version: (version: string) => `Strata ${version}`,
    components: (count: number) => `${grouped(count)} components in the catalogue`,
    notSaved: 'Your choice could not be saved; it lasts until Strata is closed.',
  },

  jobs,

  stream: {
    ended: {
      shutdown: 'Strata is closing.',
      abandoned: 'The view was paused; it is being read again.',
      gone: 'Its context was removed.',
    },
  },
};

/** What every language must say. */
export type Dictionary = typeof en;
