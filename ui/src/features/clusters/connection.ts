/** How a connection's state is marked. */

import type { ClusterRow, Connection, Severity, Step } from '$bindings/contract';

/** The steps of a connection, in order. */
export const STEPS: readonly Step[] = [
  'configuration',
  'credentials',
  'name',
  'tcp',
  'tls',
  'authentication',
  'permission',
  'version',
];

export const SEVERITY_OF: Record<Connection['state'], Severity> = {
  idle: 'paused',
  connecting: 'unknown',
  live: 'ok',
  stale: 'warning',
  failed: 'critical',
  needs_approval: 'notice',
};

const HUES = 8;

/** The cluster's own colour, as a CSS value. */
export function hueOf(row: Pick<ClusterRow, 'hue'>): string {
  return `var(--cluster-${row.hue % HUES})`;
}
