/** Where one is on the map: the part that is shown, and what is chosen in it; kept in the address. */

import type { Evidence } from '$bindings/contract';
import { navigation } from '$lib/state/navigation.svelte';

export const partShown = (): string => navigation.address.options['part'] ?? '';

export const chosenIn = (): string => navigation.address.options['at'] ?? '';

/** What a part shows of several things, by its own word; empty for the first. */
export const lookIn = (): string => navigation.address.options['look'] ?? '';

/** A relation as something that can be chosen, beside the capabilities. */
export const relationAt = (number: number): string => `relation.${number}`;

/** Chooses `at` in the part that is shown, or nothing more where it was chosen. */
export function choose(at: string): void {
  const { options } = navigation.address;
  navigation.go({ options: { ...options, at: at === chosenIn() ? '' : at } });
}

/** Chooses nothing more, and stays where one is. */
export function close(): void {
  navigation.go({ options: { ...navigation.address.options, at: '' } });
}

export function show(part: string): void {
  navigation.go({ options: { part } });
}

/** Shows something else of the same part. */
export function look(word: string): void {
  navigation.go({ options: { part: partShown(), look: word } });
}

/** Lights the path of `subject` on the stack. */
export function openOnStack(subject: string): void {
  navigation.go({ view: 'stack', path: subject, options: {} });
}

/** Opens the job that `object` is. */
export function openJob({ group, kind, namespace, name }: Evidence): void {
  const of = group === '' ? kind : `${kind}.${group}`;
  navigation.go({ view: 'jobs', options: { show: 'all', open: `${namespace}/${of}/${name}` } });
}

/** Opens the jobs, those alone in which `words` are found. */
export function openJobs(words: string): void {
  navigation.go({ view: 'jobs', options: { show: 'all', q: words } });
}
