/** The words of what runs on this machine, without Kubernetes. */

import type { LocalPlaceState, LocalRuntimeKind, LocalStage } from '$bindings/contract';
import { plural } from './plural';

export const local = {
  title: 'This machine',
  runtime: {
    docker: 'Docker',
    podman: 'Podman',
    ollama: 'Ollama',
  } satisfies Record<LocalRuntimeKind, string>,
  runtimes: 'Runtimes',
  givesGpus: 'gives GPUs',
  noGpus: 'gives no GPUs',
  run: 'Run a recipe here',
  asked: (age: string) => `asked ${age} ago`,
  stale: (age: string) => `not answered for ${age}`,

  none: {
    title: 'Neither Docker, Podman nor Ollama answers on this machine',
    forbidden: 'There is a runtime, but this user may not open its socket',
    looked: 'Looked for at',
    state: {
      absent: 'nothing is there',
      silent: 'nobody listens there',
      forbidden: 'may not be opened',
      answers: 'something else answers',
    } satisfies Record<LocalPlaceState, string>,
    group: (group: string) => `group ${group}`,
    join: (group: string) =>
      `The group ${group} may open it. Join that group, then log out and in again:`,
    owner: 'Ask whoever runs the machine to let you open the socket, or use Podman without root:',
    start: 'It is installed and not started, or not reachable here. Start one of them:',
    install:
      'None has to be there: recipes run in a cluster as well. To run them here, install one, on Debian or Ubuntu by its package; Ollama is at ollama.com/download.',
    note: 'Other machines are not asked. Elsewhere: DOCKER_HOST, CONTAINER_HOST, OLLAMA_HOST.',
    again: 'Look again',
  },

  empty: 'Strata is not running anything on this machine yet.',
  emptyNext:
    'Choose a recipe: it is fetched, started and served on 127.0.0.1. Containers that Strata did not make are not listed.',
  filter: 'Filter: name, image, runtime',
  noneFiltered: (filter: string) => `Nothing that runs here matches “${filter}”.`,
  clear: 'Clear the filter',
  list: 'What Strata runs on this machine',
  column: {
    name: 'Name',
    runtime: 'Runtime',
    image: 'Image or size',
    state: 'State',
    ports: 'Ports',
    gpus: 'GPUs',
    age: 'Age',
  },
  state: {
    running: 'running',
    loaded: 'loaded',
    onDisk: 'on disk',
    ended: 'ended',
    failed: (code: number) => `failed, exit code ${code}`,
    stopped: 'stopped',
  },
  stage: {
    pulling: 'fetching',
    starting: 'starting',
    started: 'started',
    called_off: 'called off',
    failed: 'could not be started',
  } satisfies Record<LocalStage, string>,
  fetched: (done: string, all: string) => `${done} of ${all}`,
  gone: (name: string) => `${name} is no longer on this machine`,

  panel: {
    status: 'Status',
    image: 'Image',
    size: 'Size',
    recipe: 'Recipe',
    address: 'Address',
    gpus: 'GPUs',
    untold: 'not told',
    age: 'Made',
    progress: 'Progress',
    stop: 'Stop',
    unload: 'Take out of memory',
    remove: 'Remove',
    dismiss: 'Dismiss',
    callOff: 'Stop fetching',
    calledOff: (done: string, all: string) => `Called off when ${done} of ${all} had been fetched.`,
    calledOffEarly: 'Called off; how much had been fetched is not known.',
    left: {
      docker:
        'Docker lets go of it by itself: at once, or where images are kept by containerd within eight hours, and fetching again goes on from there until then.',
      podman:
        'Layers that Podman had fetched whole may stay in its storage; fetching again takes them from there.',
      ollama:
        'Ollama keeps the parts that it had fetched until it is started anew; fetching again goes on from there.',
    },
    again: 'Fill in again',
    log: 'Log',
    follow: 'Follow',
    search: 'Search in the log',
    found: (count: number) => plural(count, 'line', 'lines'),
    noLog: 'Nothing has been written yet.',
    noneFound: (text: string) => `No line contains “${text}”.`,
    noLogOfModels: 'Models of Ollama write no log of their own; its service does.',
  },

  removal: {
    title: (name: string) => `Remove ${name}`,
    container:
      'The container is removed, with what it wrote outside its volumes. Its volumes stay, so that weights are not fetched again.',
    running: 'It runs: what uses it is cut off. Type its name.',
    model:
      'The model is deleted from Ollama’s disk, and has to be fetched again to be used. Type its name.',
    type: (name: string) => `Type ${name}`,
    button: 'Remove',
    keep: 'Keep it',
  },

  way: {
    target: 'Where',
    targetHelp: 'A cluster, or this machine, where the recipe runs as one container.',
    runtime: 'Runtime',
    runtimeHelp: 'What runs it. GPUs come by CDI or by a request for devices.',
    suited: 'the one that suits the recipe',
    toReview: 'Review what would run',
    right: 'every value is right',
    notes: 'What does not apply here',
    configuration: 'What is created',
    configurationHelp: 'What is asked of the runtime, word for word.',
    noConfiguration: 'There is nothing to be created yet: the checks say why.',
    command: 'The same as a command',
    copyCommand: 'Copy command',
    copyConfiguration: 'Copy YAML',
    runs: (runtime: string) => `Runs in ${runtime} on this machine`,
    hint: 'Needs nobody’s permission but yours; ports are opened on 127.0.0.1 only.',
    begin: 'Fetch and run',
    beginning: 'Beginning',
    obstacle: 'Here',
  },

  memory: {
    free: (index: number, free: string, all: string) => `GPU ${index}: ${free} of ${all} free now`,
    taken: 'in use now',
    age: (source: string, age: string) => `${source} · ${age} ago`,
    reading: 'This machine’s GPUs are being read.',
    noGpu: 'This machine has no accelerator that can be read.',
    interrupted: 'This machine’s GPUs cannot be read: their drivers do not answer.',
    untold: (index: number) => `The driver does not tell how much memory GPU ${index} has free.`,
    full: 'It does not fit beside what is on the GPU now.',
    never: 'It does not fit on this GPU at all.',
  },
};
