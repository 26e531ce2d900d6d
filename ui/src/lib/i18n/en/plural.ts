/** Counts in English: `1 pod`, `1,024 pods`. */

import { grouped } from '$lib/format/number';

export function plural(count: number, one: string, other: string): string {
  return `${grouped(count)} ${count === 1 ? one : other}`;
}
