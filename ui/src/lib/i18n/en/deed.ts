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
    labelValue: 'Value; empty removes the label',
    effect: 'Effect',
    remove: 'Remove this taint',
    force: 'Evict pods that no controller recreates',
    delete_local_data: 'Evict pods whose local data is lost',
    wait_seconds: 'Seconds to wait for a budget',
  },
  typeName: (name: string) => `Type ${name} to go on`,
  typeCluster: (cluster: string, count: number) =>
    `Type ${cluster} to do it to all ${grouped(count)}`,

  more: 'More',
  lacks: 'Not all of this is permitted to you here. Missing:',
  lackFor: (what: string) => `for ${what}`,
  lackTitle: (permissions: string) => `Missing: ${permissions}`,

  object: {
    title: 'One object',
    open: 'An object of the cluster',
    openLead: 'Any object, by its kind as kubectl takes it: edit its YAML, or act on it.',
    kind: 'Kind',
    namespace: 'Namespace',
    name: 'Name',
    go: 'Open',
    edit: 'YAML',
    editing:
      'Edit the YAML: only what you change is sent. All other fields stay with their owners.',
    untouched: 'Nothing edited yet.',
    hint: 'By a merge patch of what was edited.',
    delete: 'Delete',
    deleteDo: (kind: string) => `Delete the ${kind}`,
    acts: 'What can be done to it',
    reread: 'Read it again',
    rereadWhy: 'Edits that are not applied are lost.',
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
