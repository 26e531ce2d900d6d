/** The measures of the Stack: where bands, columns and gutters lie. Pure arithmetic over the window. */

import type { Layer } from '$bindings/contract';

/** The layers from top to bottom, as they are drawn. */
export const LAYERS: readonly Layer[] = [
  'workloads',
  'lifecycle',
  'platform',
  'infrastructure',
  'hardware',
];

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Measures {
  /** Below 1500 px: 4 columns, smaller tiles, no chart. */
  readonly isCompact: boolean;
  readonly width: number;
  /** At least the height that was given; more where the bands need it, and the view scrolls. */
  readonly height: number;
  /** The rock column. */
  readonly rock: number;
  /** The column of names and counts. */
  readonly name: number;
  readonly columns: number;
  /** Rows of tiles in each band above the base. */
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** The left edge of the first tile. */
  readonly left: number;
  readonly headline: number;
  /** Room above the first row of a band. */
  readonly above: number;
  /** The top of each layer's band, and the bottom of the last. */
  readonly tops: readonly [number, number, number, number, number, number];
}

/** Between two tiles; the path runs in its middle. */
const GUTTER = 12;
const NARROWEST_TILE = 148;
const WIDE_WINDOW = 1500;
const WIDEST_WINDOW = 2300;
/** Room below the last row, for the label on the boundary. */
const BELOW = 8;

/** The measures for a view of `width` by `height` in a window of `windowWidth`. */
export function measure(width: number, height: number, windowWidth: number): Measures {
  const isCompact = windowWidth < WIDE_WINDOW;
  const rock = isCompact ? 16 : 24;
  const name = isCompact ? 112 : 148;
  const headline = isCompact ? 132 : 184;
  const isLow = isCompact || height < 900;
  const tileHeight = isLow ? 46 : 52;
  const above = isLow ? 10 : 12;
  const base = isLow ? 184 : 232;

  const room = Math.max(NARROWEST_TILE + GUTTER, width - rock - name - headline);
  const wanted = isCompact ? 4 : windowWidth < WIDEST_WINDOW ? 6 : 8;
  const columns = clamp(Math.floor(room / (NARROWEST_TILE + GUTTER)), 1, wanted);
  const tileWidth = Math.floor(room / columns) - GUTTER;

  const leastBand = above + 2 * tileHeight + BELOW;
  const band = Math.max(leastBand, Math.floor((height - base) / 4));
  const rows = Math.floor((band - above - BELOW) / tileHeight);
  const bottom = Math.max(height, 4 * band + base);
  return {
    isCompact,
    width,
    height: bottom,
    rock,
    name,
    columns,
    rows,
    tileWidth,
    tileHeight,
    left: rock + name,
    headline,
    above,
    tops: [0, band, 2 * band, 3 * band, 4 * band, bottom],
  };
}

/** The top of a layer's band. */
export function topOf(measures: Measures, layer: Layer): number {
  return measures.tops[LAYERS.indexOf(layer)] ?? 0;
}

/** Where the slot `at` of a layer lies. */
export function slotRect(measures: Measures, layer: Layer, at: number): Rect {
  const column = at % measures.columns;
  const row = Math.floor(at / measures.columns);
  return {
    x: measures.left + column * (measures.tileWidth + GUTTER),
    y: topOf(measures, layer) + measures.above + row * measures.tileHeight,
    w: measures.tileWidth,
    h: measures.tileHeight,
  };
}

/** The middle of the gutter left of a column. */
export function gutterX(measures: Measures, column: number): number {
  return measures.left + column * (measures.tileWidth + GUTTER) - GUTTER / 2;
}

/** Where the racks of the base lie: below its one row of tiles. */
export function baseRect(measures: Measures): Rect {
  const y = measures.tops[4] + measures.above + measures.tileHeight + 8;
  return {
    x: measures.left,
    y,
    w: measures.width - measures.left - measures.headline - GUTTER,
    h: measures.tops[5] - y - (measures.isCompact ? 8 : 12),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
