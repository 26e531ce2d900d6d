/** The readings of a GPU by what they are about. */

import type { Figure, ReadingRow } from '$bindings/contract';

const ABOUT = ['activity', 'memory', 'heat', 'clocks', 'errors', 'links'] as const;
export type About = (typeof ABOUT)[number];

/** What of a device is about what; all others are how busy it is. */
const FIGURES: Record<Exclude<About, 'activity'>, readonly Figure[]> = {
  memory: ['memory_used', 'memory_free', 'memory_reserved', 'memory_total'],
  heat: ['temperature', 'memory_temperature', 'fan_speed', 'power', 'power_limit', 'energy'],
  clocks: [
    'sm_clock',
    'memory_clock',
    'clocks_event_reasons',
    'thermal_violation',
    'power_violation',
  ],
  errors: [
    'last_xid',
    'error_code',
    'health',
    'ecc_corrected',
    'ecc_uncorrected',
    'rows_remapped_corrected',
    'rows_remapped_uncorrected',
    'row_remap_failure',
    'row_remap_pending',
    'pages_retired_corrected',
    'pages_retired_uncorrected',
    'page_retirement_pending',
  ],
  links: [
    'pcie_generation',
    'pcie_width',
    'pcie_tx',
    'pcie_rx',
    'pcie_replays',
    'nvlink_tx',
    'nvlink_rx',
    'nvlink_replays',
    'nvlink_recoveries',
    'nvlink_crc_errors',
    'nvlink_data_crc_errors',
  ],
};

function aboutOf(figure: Figure): About {
  const found = Object.entries(FIGURES).find(([, figures]) => figures.includes(figure));
  return (found?.[0] as About | undefined) ?? 'activity';
}

export interface Readings {
  readonly about: About;
  readonly rows: readonly ReadingRow[];
}

/** The readings in their groups, each in the order in which it came; groups without any are left out. */
export function readingsBy(readings: readonly ReadingRow[]): Readings[] {
  return ABOUT.map((about) => ({
    about,
    rows: readings.filter(({ figure }) => aboutOf(figure) === about),
  })).filter(({ rows }) => rows.length > 0);
}
