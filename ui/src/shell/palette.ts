/** What the palette finds: pure, so that its order can be tested. */

import type { Command, Place } from '$lib/keyboard/commands.svelte';
import { capOf } from '$lib/keyboard/keys';

/** A line of the palette. */
export interface Found extends Place {
  readonly cap: string;
}

/** Lines at most, for nobody reads more. */
const MOST = 60;
/** The rank of what matches by its hint. */
const BY_HINT = 3;

/** What matches `text`: every word of it stands in the label or its hint; the best come first. */
export function find(
  places: readonly Place[],
  commands: readonly Command[],
  text: string,
): Found[] {
  const offered: Found[] = [
    ...places.map((place) => ({ ...place, cap: '' })),
    ...commands
      .filter((command) => command.inPalette === true)
      .map((command) => ({
        id: `command ${command.id}`,
        label: command.label,
        hint: '',
        group: command.group,
        isObject: false,
        cap: capOf(command.keys[0] ?? ''),
        open: () => void command.run(),
      })),
  ];
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const matching = offered
    .map((found, at) => ({ found, at, rank: rankOf(found, words) }))
    .filter(({ rank }) => rank !== null);
  // What matches by its hint alone is offered only where nothing matches by its name.
  const byName = matching.filter(({ rank }) => rank !== BY_HINT);
  const ranked = (byName.length > 0 ? byName : matching)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0) || one.at - other.at)
    .slice(0, MOST)
    .map(({ found }) => found);
  // Groups stand together, in the order of their best line.
  const groups = [...new Set(ranked.map(({ group }) => group))];
  return groups.flatMap((group) => ranked.filter((found) => found.group === group));
}

/** How well a line matches; the less the better, `null` where it does not. */
function rankOf(found: Found, words: readonly string[]): number | null {
  const label = found.label.toLowerCase();
  const whole = `${label} ${found.hint.toLowerCase()}`;
  if (!words.every((word) => whole.includes(word))) return null;
  const first = words[0];
  if (first === undefined) return 0;
  if (label.startsWith(first)) return 1;
  return words.every((word) => label.includes(word)) ? 2 : BY_HINT;
}
