/** The words of what is done to objects that are there, and of what one lacks for it. */

import type { Action } from '$bindings/contract';
import { grouped } from '$lib/format/number';

export const deed = {
  verb: {
    suspend: 'Suspend',
    resume: 'Resume',
    cancel: 'Cancel',
    restart: 'Restart',
    scale: 'Scale',
    set_queue: 'Change queue',
    set_priority: 'Change priority',
    set_image: 'Set image',
    label: 'Label',
    taint: 'Taint',
    cordon: 'Cordon',
    uncordon: 'Uncordon',
    drain: 'Drain',
  } satisfies Record<Action['do'], string>,
  titleOf: (verb: string, object: string) => `${verb} ${object}`,
  field: {
    replicas: 'Replicas',
    queue: 'Queue',
    class: 'Priority class',
    container: 'Container',
    image: 'Image',
    key: 'Key',
    value: 'Value',
    labelValue: 'Value; empty takes the label away',
    effect: 'Effect',
    remove: 'Take this taint away',
    force: 'Evict pods that nothing makes anew',
    delete_local_data: 'Evict pods whose local data is lost',
    wait_seconds: 'Seconds to wait for a budget',
  },
  typeName: (name: string) => `Type ${name} to go on`,
  typeCluster: (cluster: string, count: number) =>
    `Type ${cluster} to do it to all ${grouped(count)}`,

  lacks: 'You may not do all of this here. What is missing:',
  lackFor: (what: string) => `for ${what}`,
  lackTitle: (permissions: string) => `Missing: ${permissions}`,

  object: {
    title: 'One object',
    open: 'An object of the cluster',
    openLead:
      'Any object, by its kind as kubectl takes it: its YAML to be edited, and what can be done to it.',
    kind: 'Kind',
    namespace: 'Namespace',
    name: 'Name',
    go: 'Open',
    edit: 'YAML',
    editing:
      'Edit the YAML: what you change is sent, and nothing else. The fields stay with those who own them.',
    untouched: 'Nothing is edited yet.',
    hint: 'By a merge patch of what was edited.',
    delete: 'Delete',
    deleteDo: (kind: string) => `Delete the ${kind}`,
    acts: 'What can be done to it',
    reread: 'Read it again',
    rereadWhy: 'What is edited and not applied is lost.',
  },

  protection: {
    title: 'Protection',
    lead: 'A protected context is read-only here, on the command line and in every window, until its name is typed.',
    none: 'No context is known yet.',
    isProtected: 'protected, read-only',
    isOpen: 'protected, unlocked',
    isNot: 'not protected',
    change: 'Change',
    changeOf: (cluster: string) => `Change the protection of ${cluster}`,
  },
};
