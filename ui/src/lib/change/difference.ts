/** The difference between what is there and what would be, as lines that are drawn. Pure. */

import type {
  ChangeOutcome,
  ChangeReport,
  ChangeStep,
  FieldChoice,
  FieldDifference,
  ObjectDifference,
  Obstacle,
  Severity,
} from '$bindings/contract';
import type { LineFault } from '$lib/code/yamlEditor';
import { plain } from '$lib/format/text';

/** How a field changes. */
type Sign = 'added' | 'changed' | 'removed';

export const SIGNS: Record<Sign, string> = { added: '+', changed: '~', removed: '−' };

export function signOf({ before, after, is_secret }: FieldDifference): Sign {
  if (is_secret) return 'changed';
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

/** The server begins a path with a dot, which nobody says. */
export function pathText(path: string): string {
  return plain(path.replace(/^\./, ''));
}

/** A value that came as JSON as it is read: text without quotes, where that leaves no doubt. */
export function valueText(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    const isPlain =
      typeof value === 'string' && !/^(|true|false|null|[\d.+-].*|\s.*|.*\s)$/s.test(value);
    return plain(isPlain ? value : json);
  } catch {
    return plain(json);
  }
}

/** What stands in a report, counted. */
export interface Tally {
  /** Objects that become others, appear or go. */
  readonly touched: number;
  readonly fields: number;
  readonly conflicts: number;
  /** Conflicts for which nothing is chosen. */
  readonly open: number;
  readonly done: number;
}

export function tallyOf({ steps }: Pick<ChangeReport, 'steps'>): Tally {
  const conflicts = steps.flatMap((step) => step.conflicts);
  return {
    touched: steps.filter(({ action }) => action !== 'unchanged').length,
    fields: steps.reduce((sum, { fields }) => sum + fields.length, 0),
    conflicts: conflicts.length,
    open: conflicts.filter(({ choice }) => choice === undefined).length,
    done: steps.filter(({ progress }) => progress === 'done').length,
  };
}

/** What is wrong, at the lines of the manifests. */
export function faultsOf(
  report: Pick<ChangeReport, 'obstacles' | 'steps'>,
  say: (obstacle: Obstacle) => string,
): LineFault[] {
  const fault = (obstacle: Obstacle, line: number | undefined): LineFault[] =>
    line === undefined ? [] : [{ line, severity: 'error', message: say(obstacle) }];
  return [
    ...report.obstacles.flatMap((obstacle) => fault(obstacle, obstacle.line)),
    ...report.steps.flatMap(({ obstacle, line }) =>
      obstacle === undefined || obstacle.kind === 'conflict'
        ? []
        : fault(obstacle, obstacle.line ?? line),
    ),
  ];
}

/** Whether an object's lines are open at first: what needs a look, and what there is little of. */
export function isOpenAtFirst(step: ChangeStep, all: number): boolean {
  if (step.action === 'unchanged') return false;
  return step.fields.length > 0 || step.conflicts.length > 0 || all <= 3;
}

/** The commands of all steps that change something, each on a line. */
export function commandsOf({ steps }: Pick<ChangeReport, 'steps'>): string {
  return steps
    .filter(({ action, kubectl }) => action !== 'unchanged' && kubectl !== '')
    .map(({ kubectl }) => kubectl)
    .join('\n');
}

/** How bad it is how a change stands. */
export function severityOf(outcome: ChangeOutcome): Severity {
  switch (outcome) {
    case 'blocked':
    case 'failed':
      return 'critical';
    case 'partial':
      return 'warning';
    case 'ready':
    case 'unchanged':
    case 'applied':
      return 'ok';
  }
}

/** What is different between two revisions of an object, as the step that makes the one the other. */
export function stepOf({ object, action, fields, before, after }: ObjectDifference): ChangeStep {
  return {
    object,
    api_version: /^apiVersion: (.+)$/m.exec(after === '' ? before : after)?.[1] ?? '',
    action,
    progress: 'planned',
    is_assumed: false,
    fields,
    conflicts: [],
    consequences: [],
    warnings: [],
    kubectl: '',
    before,
    after,
  };
}

/** The choices with one more; a field has one choice, the last. */
export function withChoice(choices: readonly FieldChoice[], chosen: FieldChoice): FieldChoice[] {
  const isOther = ({ object, path }: FieldChoice) =>
    path !== chosen.path ||
    object.kind !== chosen.object.kind ||
    object.namespace !== chosen.object.namespace ||
    object.name !== chosen.object.name;
  return [...choices.filter(isOther), chosen];
}
