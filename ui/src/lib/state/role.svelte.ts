/** Who looks at the clusters: what concerns that role stands first. Nothing is hidden for it. */

import type { CatalogRole, Layer, Severity } from '$bindings/contract';
import { call } from '$lib/api/call';
import { preferences } from './preferences.svelte';

class Roles {
  /** Every role that there is; empty until the catalogue was read. */
  all = $state.raw<readonly CatalogRole[]>([]);
  /** The chosen one. */
  readonly chosen = $derived(this.all.find((entry) => entry.role === preferences.role));

  async read(): Promise<void> {
    try {
      this.all = (await call('read_catalog', {})).roles;
    } catch {
      // Without it everything stands in its usual order.
    }
  }
}

export const roles = new Roles();

/** From worst to best. */
const SEVERITIES: readonly Severity[] = [
  'critical',
  'warning',
  'notice',
  'unknown',
  'paused',
  'ok',
];

/**
 * Lines of attention as a role reads them: of equal severity those of its layers first. A worse line
 * is never put behind a lesser one, whosever layer it is in.
 */
export function ordered<Line extends { severity: Severity; layer: Layer }>(
  lines: readonly Line[],
  layers: readonly Layer[],
): readonly Line[] {
  if (layers.length === 0) return lines;
  const rank = ({ severity, layer }: Line) =>
    SEVERITIES.indexOf(severity) * 2 + (layers.includes(layer) ? 0 : 1);
  return lines.toSorted((one, other) => rank(one) - rank(other));
}

/** Views as a role has them: the ones it looks at most first, the others in their usual order. */
export function first<Entry extends { view: string }>(
  entries: readonly Entry[],
  views: readonly string[],
): readonly Entry[] {
  const rank = ({ view }: Entry) => {
    const at = views.indexOf(view);
    return at < 0 ? views.length : at;
  };
  return entries.toSorted((one, other) => rank(one) - rank(other));
}
