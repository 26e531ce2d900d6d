/** Where one is on the map: the part that is shown, and what is chosen in it; kept in the address. */

import { navigation } from '$lib/state/navigation.svelte';

export const partShown = (): string => navigation.address.options['part'] ?? '';

export const chosenIn = (): string => navigation.address.options['at'] ?? '';

/** Chooses `at` in the part that is shown, or nothing more where it was chosen. */
export function choose(at: string): void {
  navigation.go({ options: { part: partShown(), at: at === chosenIn() ? '' : at } });
}

export function show(part: string): void {
  navigation.go({ options: { part } });
}

/** Lights the path of `subject` on the stack. */
export function openOnStack(subject: string): void {
  navigation.go({ view: 'stack', path: subject, options: {} });
}
