/** What the scenes of the map share: which cluster they are about, facts, things, answers. */

import type {
  Answer,
  Assessment,
  Bilingual,
  Evidence,
  Phrase,
  PhraseCode,
  PhraseValue,
  Severity,
  StageThing,
} from '$bindings/contract';
import { ago } from './phrases';

/** Which cluster the scene is about. */
export type Ground = 'whole' | 'bare' | 'forbidden';

export const both = (en: string, zh: string): Bilingual => ({ en, zh });

export function said(code: PhraseCode, values: Record<string, string | number> = {}): Phrase {
  const filled = Object.entries(values).map(([name, value]): [string, PhraseValue] => [
    name,
    typeof value === 'number' ? { number: value } : { text: value },
  ]);
  return { code, values: Object.fromEntries(filled) };
}

/** A fact of an object, written as `Kind.group namespace/name`. */
export function fact(object: string, field: string, value: string, seconds = 86_400): Evidence {
  const [kinds = '', path = ''] = object.split(' ');
  const [kind = '', ...group] = kinds.split('.');
  const [namespace, name] = path.includes('/') ? path.split('/') : ['', path];
  return {
    group: group.join('.'),
    kind,
    namespace: namespace ?? '',
    name: name ?? '',
    field,
    value,
    since: ago(seconds),
  };
}

export const LISTS = ['Deployment.apps', 'DaemonSet.apps', 'StatefulSet.apps'];
export const looked = () => LISTS.map((kind) => fact(kind, 'items[]', 'none of these', 40));

export function thing(
  name: string,
  kind: string,
  phase: string,
  severity: Severity = 'ok',
): StageThing {
  return {
    name,
    severity,
    phase,
    since: ago(40_000),
    is_job: kind.startsWith('TrainJob') || kind.startsWith('Job'),
    evidence: fact(`${kind} llm-prod/${name}`, 'status.conditions[Ready]', 'True', 40_000),
  };
}

export function found(
  ground: Ground,
  answer: Answer,
  reason: Phrase,
  evidence: Evidence[],
): Assessment {
  if (ground === 'whole') return { answer, reason, evidence };
  return ground === 'bare'
    ? { answer: 'not_met', reason: said('survey_missing'), evidence: looked() }
    : { answer: 'unknown', reason: said('survey_unlisted', { kinds: 'Node' }), evidence: [] };
}
