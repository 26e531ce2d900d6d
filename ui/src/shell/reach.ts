/** What a watch that is kept to some namespaces says of them. */

import type { NamespaceStanding, WatchState } from '$bindings/contract';
import { plain } from '$lib/format/text';
import type { ReachWords } from '$lib/i18n/en/reach';

type Partial = Extract<WatchState, { state: 'partial' }>;

/** The namespaces in which anything is seen, each once, in order. */
export function namespacesOf(states: readonly Partial[]): string[] {
  const seen = states.flatMap(({ namespaces }) =>
    namespaces.filter(({ standing }) => standing !== 'forbidden'),
  );
  return [...new Set(seen.map(({ namespace }) => plain(namespace)))].sort();
}

/** Where the kind is seen, where not, and what is missing for the whole cluster. */
export function partsOf(state: Partial, words: ReachWords): string {
  const of = (standing: NamespaceStanding, say: (namespaces: string) => string) => {
    const those = state.namespaces.filter((one) => one.standing === standing);
    return those.length === 0
      ? []
      : [say(those.map(({ namespace }) => plain(namespace)).join(', '))];
  };
  return [
    ...of('live', words.alone),
    ...of('loading', words.notYetIn),
    ...of('stale', words.staleIn),
    ...of('failed', words.failedIn),
    ...of('forbidden', words.refusedIn),
    words.missing(plain(state.permission)),
  ].join(' · ');
}
