/** What a cluster says of fields, asked once for each. */

import type { DescribedField } from '$bindings/contract';
import { call } from '$lib/api/call';
import type { Describe } from './schemaHelp';

/** Fields that are kept; the first go first. */
const MOST = 500;

/** Asks `cluster`. What it cannot say is asked again the next time. */
export function describeFrom(cluster: string): Describe {
  const known = new Map<string, Promise<DescribedField | null>>();
  return (apiVersion, kind, path) => {
    const key = JSON.stringify([apiVersion, kind, path]);
    const held = known.get(key);
    if (held !== undefined) return held;
    const asked = call('describe_field', {
      cluster,
      api_version: apiVersion,
      kind,
      path: [...path],
    }).catch(() => {
      // Help that is missing is no fault of what is written.
      known.delete(key);
      return null;
    });
    known.set(key, asked);
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return asked;
  };
}
