/** The report of an act on the machine of the design data: one step. */

import type { ChangeReport, ChangeStep } from '$bindings/contract';

export function step(kind: string, name: string, kubectl: string): ChangeStep {
  return {
    object: { kind, namespace: '', name },
    api_version: '',
    action: kind === 'GPU' ? 'change' : 'end',
    progress: 'planned',
    is_assumed: false,
    fields: [],
    conflicts: [],
    consequences: [],
    warnings: [],
    kubectl,
    before: '',
    after: '',
  };
}

export function report(
  intent: ChangeReport['intent'],
  outcome: ChangeReport['outcome'],
  told: ChangeStep,
): ChangeReport {
  return { intent, outcome, obstacles: [], consequences: [], steps: [told] };
}
