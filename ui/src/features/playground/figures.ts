/** Figures of trials as people read them, and text of models as text. */

import type { ModelServer, ModelServerRow } from '$bindings/contract';
import { plain } from '$lib/format/text';

/** A time: `4.2 ms`, `214 ms`, `2.50 s`. Equal to the command line's. */
export function took(seconds: number): string {
  if (seconds < 0.01) return `${(seconds * 1000).toFixed(1)} ms`;
  if (seconds < 1) return `${(seconds * 1000).toFixed(0)} ms`;
  return `${seconds.toFixed(2)} s`;
}

/** A rate with three digits that matter: `0.42`, `4.20`, `42.0`, `420`. */
export function pace(perSecond: number): string {
  if (perSecond >= 100) return perSecond.toFixed(0);
  return perSecond >= 10 ? perSecond.toFixed(1) : perSecond.toFixed(2);
}

/** What a model wrote: its line ends stay, all else that deceives the eye is shown. */
export function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').map(plain).join('  '))
    .join('\n');
}

/** A server as the address names it: `apps/Deployment/llm-prod/chat`. */
export function serverText(
  row: Pick<ModelServerRow, 'group' | 'kind' | 'namespace' | 'name'>,
): string {
  return [row.group, row.kind, row.namespace, row.name].join('/');
}

/** The server that an address names; `null` where it names none. */
export function serverIn(text: string, cluster: string): ModelServer | null {
  const [group, kind, namespace, ...rest] = text.split('/');
  const name = rest.join('/');
  if (group === undefined || !kind || !namespace || name === '') return null;
  // Only on this machine, without a cluster, a name may hold slashes: a model's.
  if (rest.length > 1 && cluster !== '') return null;
  return { cluster, group, kind, namespace, name };
}

/** A number that somebody typed; `undefined` for an empty text, `null` for one that is no such number. */
export function numberIn(
  text: string,
  least: number,
  most: number,
  isWhole: boolean,
): number | undefined | null {
  const typed = text.trim().replaceAll(',', '');
  if (typed === '') return undefined;
  const number = Number(typed);
  const isGood =
    /^\d+(\.\d+)?$/.test(typed) &&
    number >= least &&
    number <= most &&
    (!isWhole || Number.isInteger(number));
  return isGood ? number : null;
}
