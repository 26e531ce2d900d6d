/** What can be done to an object, by its kind. How, and whether it truly can, the preview says. */

import type { Act } from '$lib/change/act/acts';

const NODE: readonly Act[] = ['cordon', 'uncordon', 'drain', 'taint', 'label'];
const WORKLOAD: readonly Act[] = ['restart', 'scale', 'set_image', 'label'];
const JOB: readonly Act[] = ['suspend', 'resume', 'restart', 'cancel', 'label'];

const ACTS: Readonly<Record<string, readonly Act[]>> = {
  Node: NODE,
  Pod: ['restart', 'label'],
  Deployment: WORKLOAD,
  StatefulSet: WORKLOAD,
  DaemonSet: ['restart', 'set_image', 'label'],
  ReplicaSet: ['scale', 'label'],
  LeaderWorkerSet: ['restart', 'scale', 'label'],
  InferenceService: ['suspend', 'resume', 'scale', 'label'],
  LLMInferenceService: ['scale', 'label'],
  CronJob: ['suspend', 'resume', 'set_image', 'label'],
  Job: JOB,
  JobSet: JOB,
  TrainJob: JOB,
  PyTorchJob: JOB,
  MPIJob: JOB,
  RayJob: JOB,
};

/** Kinds that are offered while one types. */
export const COMMON_KINDS = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Pod',
  'Service',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'Node',
  'Namespace',
  'Ingress',
  'NetworkPolicy',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'ResourceQuota',
] as const;

/** What can be done to an object of a kind, as it is named: `Deployment.apps`, `Node`. */
export function actsOfKind(kind: string): readonly Act[] {
  return ACTS[kind.split('.')[0] ?? ''] ?? ['label'];
}
