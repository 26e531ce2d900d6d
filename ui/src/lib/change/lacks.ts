/** What is missing for what a screen offers: pure. */

import type { ChangeReport, ObjectName, Phrase } from '$bindings/contract';

/** What something lacks, in words. */
export interface Lack {
  readonly what: string;
  readonly permissions: readonly string[];
}

/** Objects that are asked about by name; of more, their kinds and namespaces are asked about. */
const BY_NAME = 8;
/** The most of one deed, so that no question is longer than the engine takes. */
const MOST = 12;

/** The objects that are asked about for a deed. */
export function askedOf(objects: readonly ObjectName[]): ObjectName[] {
  if (objects.length <= BY_NAME) return [...objects];
  const kinds = new Map(
    objects.map(({ kind, namespace }) => [`${kind} ${namespace}`, { kind, namespace, name: '' }]),
  );
  return [...kinds.values()].slice(0, MOST);
}

/** Each missing permission once, with all that it is missing for. */
export function byPermission(
  lacks: readonly Lack[],
): readonly { permission: string; whats: readonly string[] }[] {
  const names = unique(lacks.flatMap(({ permissions }) => permissions));
  return names.map((permission) => ({
    permission,
    whats: lacks
      .filter(({ permissions }) => permissions.includes(permission))
      .map(({ what }) => what),
  }));
}

/** The permissions that a phrase names as missing, one or several. */
export function namedBy({ values }: Phrase): readonly string[] {
  return ['permission', 'permissions'].flatMap((name) => {
    const value = values[name];
    return value !== undefined && 'text' in value ? value.text.split(', ') : [];
  });
}

/** The permissions that a dry run found missing, each once. */
export function lackedBy({
  obstacles,
  steps,
}: Pick<ChangeReport, 'obstacles' | 'steps'>): readonly string[] {
  const met = [...obstacles, ...steps.flatMap(({ obstacle }) => obstacle ?? [])];
  return unique(
    met.filter(({ kind }) => kind === 'permission').flatMap(({ sentence }) => namedBy(sentence)),
  );
}

/** Each of them once, in their order. */
export function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
