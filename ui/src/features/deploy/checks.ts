/** The lines of the check strip: what the engine found out about what stands in the form. Pure. */

import type {
  ChangeReport,
  Check,
  CheckState,
  FieldError,
  NeededKind,
  Obstacle,
  Phrase,
  RenderedRecipe,
  Severity,
} from '$bindings/contract';
import { plain } from '$lib/format/text';
import type { Dictionary } from '$lib/i18n/en';
import type { MemoryVerdict } from './memory';
import { lackingOf, lackText } from './recipes';
import { tallyOf } from '$lib/change/difference';
import { lackedBy, namedBy, unique } from '$lib/change/lacks';

export interface CheckLine {
  readonly id: string;
  readonly label: string;
  readonly severity: Severity;
  /** The reason: the engine's sentence, or words of the interface. */
  readonly said: Phrase | string;
  /** What to do; absent where there is nothing to do. */
  readonly remedy?: Phrase;
  /** The same in the server's words. */
  readonly details: readonly string[];
}

type Words = Dictionary['deploy']['checks'];

/** Whether all that is wrong is that nobody has given the value yet. */
export function isStillToCome(error: FieldError, touched: ReadonlySet<string>): boolean {
  return error.sentence.code === 'field_required' && !touched.has(error.parameter);
}

/** From the rendered recipe, the engine's checks of it, and the dry run of what it makes. */
export function checksOf(
  rendered: RenderedRecipe,
  checks: readonly Check[],
  report: ChangeReport | null,
  touched: ReadonlySet<string>,
  words: Words,
): CheckLine[] {
  const lines = [valuesLine(rendered, touched, words, words.makes(rendered.manifests.length))];
  // The engine checks once every value is right; which kinds are served is known before.
  const lacks = lackedHere(checks, report);
  if (checks.length > 0) lines.push(...checks.map((check) => lineOf(check, words)));
  else if (rendered.kinds.length > 0) lines.push(kinds(rendered.kinds, words));
  if (report !== null) lines.push(...dryRun(report, words));
  return withLacks(withoutNamespace(lines, checks), lacks, words);
}

/** The permissions that are missing, each once: by the engine's check, and by the dry run. */
export function lackedHere(
  checks: readonly Check[],
  report: Pick<ChangeReport, 'obstacles' | 'steps'> | null,
): readonly string[] {
  const failed = checks.filter(
    ({ subject, state }) => subject === 'permission' && state === 'failed',
  );
  const byCheck = failed.flatMap(({ sentence }) => namedBy(sentence));
  return unique([...byCheck, ...(report === null ? [] : lackedBy(report))]);
}

/** That the namespace is not there is said once, by the engine's check, and not again for each object. */
function withoutNamespace(lines: readonly CheckLine[], checks: readonly Check[]): CheckLine[] {
  const isSaid = checks.some(({ subject, state }) => subject === 'namespace' && state === 'failed');
  const isAgain = ({ said }: CheckLine) =>
    typeof said !== 'string' && said.code === 'namespace_not_there';
  return lines.filter((line) => !isSaid || !isAgain(line));
}

/** What is missing as one line, in place of a line for each object that wants it. */
function withLacks(
  lines: readonly CheckLine[],
  lacks: readonly string[],
  words: Words,
): CheckLine[] {
  if (lacks.length === 0) return [...lines];
  const at = lines.findIndex(isLack);
  const rest = lines.filter((line) => !isLack(line));
  const remedy = lines[at]?.remedy;
  const line: CheckLine = {
    id: 'permission',
    label: words.subject.permission,
    severity: 'critical',
    said: words.lacks(lacks.length),
    details: lacks.map(plain),
    ...(remedy === undefined ? {} : { remedy }),
  };
  return rest.toSpliced(at < 0 ? rest.length : at, 0, line);
}

/** Whether a line says that a permission is missing, by its name. */
function isLack({ said, severity }: CheckLine): boolean {
  return severity === 'critical' && typeof said !== 'string' && LACKS.includes(said.code);
}

const LACKS: readonly Phrase['code'][] = ['permission_missing', 'check_permission_missing'];

/** The same with what the estimate of GPU memory says, beside the line that tells of room on nodes. */
export function withMemory(
  lines: readonly CheckLine[],
  verdict: MemoryVerdict | null,
  words: Words,
): readonly CheckLine[] {
  const at = lines.findIndex(({ id }) => id === 'fit');
  if (verdict === null || at < 0) return lines;
  const line: CheckLine = {
    id: 'memory',
    label: words.label.memory,
    severity: verdict.fits ? 'ok' : 'warning',
    said: verdict.fits
      ? words.memoryFits(plain(verdict.gpu))
      : words.memoryShort(plain(verdict.gpu)),
    details: [],
  };
  return lines.toSpliced(at + 1, 0, line);
}

/** Whether every value is right: `right` says so. */
export function valuesLine(
  { errors }: Pick<RenderedRecipe, 'errors'>,
  touched: ReadonlySet<string>,
  words: Words,
  right: string,
): CheckLine {
  const line = { id: 'values', label: words.label.values, details: [] };
  const wrong = errors.filter((error) => !isStillToCome(error, touched)).length;
  if (wrong > 0) return { ...line, severity: 'critical', said: words.wrong(wrong) };
  return errors.length > 0
    ? { ...line, severity: 'notice', said: words.toCome(errors.length) }
    : { ...line, severity: 'ok', said: right };
}

function kinds(needed: readonly NeededKind[], words: Words): CheckLine {
  const line = { id: 'kinds', label: words.label.kinds, details: [] };
  const lacking = lackingOf(needed);
  if (lacking.length > 0) {
    const names = [...new Set(lacking.map(lackText))].join(', ');
    return { ...line, severity: 'critical', said: words.lacking(names) };
  }
  return needed.some(({ served }) => served === null)
    ? { ...line, severity: 'unknown', said: words.unknownKinds }
    : { ...line, severity: 'ok', said: words.served(needed.length) };
}

function dryRun(report: ChangeReport, words: Words): CheckLine[] {
  const found = [
    ...report.obstacles,
    ...report.steps.flatMap(({ obstacle }) => (obstacle === undefined ? [] : [obstacle])),
  ];
  const lines = found.map((obstacle, at): CheckLine => ({
    id: `${obstacle.kind} ${at}`,
    label: words.obstacle[obstacle.kind],
    severity: SEVERITY_OF[obstacle.kind],
    said: obstacle.sentence,
    details: obstacle.details.map(plain),
  }));
  const warnings = report.steps.flatMap((step) => step.warnings.map((warning) => plain(warning)));
  if (warnings.length > 0) {
    lines.push({
      id: 'warnings',
      label: words.label.dryRun,
      severity: 'warning',
      said: words.warned(warnings.length),
      details: [...new Set(warnings)],
    });
  }
  if (lines.length > 0) return lines;
  const { touched } = tallyOf(report);
  return [
    {
      id: 'dry run',
      label: words.label.dryRun,
      severity: 'ok',
      said: touched === 0 ? words.unchanged : words.accepted(touched),
      details: [],
    },
  ];
}

const SEVERITY_OF_STATE: Record<CheckState, Severity> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'critical',
  unknown: 'unknown',
};

/** A check of the engine as a line. */
export function lineOf(
  { subject, state, sentence, remedy, details }: Check,
  words: Words,
): CheckLine {
  return {
    id: subject,
    label: words.subject[subject],
    severity: SEVERITY_OF_STATE[state],
    said: sentence,
    ...(remedy === undefined ? {} : { remedy }),
    details: details.map(plain),
  };
}

/** How bad an obstacle is before anything was applied: a lock and a choice are no faults. */
const SEVERITY_OF: Record<Obstacle['kind'], Severity> = {
  protected: 'notice',
  permission: 'critical',
  manifest: 'critical',
  conflict: 'warning',
  immutable: 'critical',
  stale: 'warning',
  budget: 'warning',
  unsupported: 'critical',
  policy: 'critical',
  refused: 'critical',
  unreachable: 'critical',
};
