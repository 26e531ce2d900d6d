/** Which tiles of a layer are drawn, and in which slot. Pure: the tests say what must never fold. */

import type { NodeUse, Severity, TileRow } from '$bindings/contract';

/** What stands in a slot of a band. */
export type Slot<Tile> =
  | { readonly kind: 'tile'; readonly at: number; readonly tile: Tile }
  /** A node on the lit path. */
  | { readonly kind: 'node'; readonly at: number; readonly use: NodeUse }
  /** The nodes on the lit path that have no slot of their own. */
  | { readonly kind: 'nodes'; readonly at: number; readonly count: number; readonly gpus: number }
  /** The tiles that have no slot. */
  | { readonly kind: 'more'; readonly at: number; readonly count: number; readonly faults: number };

interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** What lies on the lit path in this layer. */
export interface Lit {
  readonly subjects: ReadonlySet<string>;
  readonly nodes: readonly NodeUse[];
  /** The column that nodes are best drawn in: the path's own. */
  readonly column: number;
}

export const NOTHING_LIT: Lit = { subjects: new Set(), nodes: [], column: 0 };

const RANK: Record<Severity, number> = {
  ok: 0,
  paused: 0,
  unknown: 1,
  notice: 2,
  warning: 3,
  critical: 4,
};

/** Whether a tile must be seen: it has a fault, or nobody knows that it has none. */
export function mustShow(severity: Severity): boolean {
  return RANK[severity] > 0;
}

/**
 * Gives tiles their slots. Tiles keep the catalogue's order. Where they do not all fit, faulty ones
 * stay, then the first of the others, and the last slot says how many are left. What is lit later
 * takes the place of healthy tiles, so that no other tile moves.
 */
export function slots<Tile extends Pick<TileRow, 'subject' | 'severity'>>(
  tiles: readonly Tile[],
  grid: Grid,
  lit: Lit = NOTHING_LIT,
): Slot<Tile>[] {
  const capacity = Math.max(1, grid.columns * grid.rows);
  const placed: (Tile | undefined)[] = choose(tiles, capacity);
  let moreAt = placed.length < tiles.length ? placed.length : -1;

  const isFree = (at: number) => {
    const tile = placed[at];
    if (at === moreAt || at >= capacity) return false;
    return tile === undefined || (!mustShow(tile.severity) && !lit.subjects.has(tile.subject));
  };
  const lastFree = () => {
    for (let at = Math.min(capacity, placed.length) - 1; at >= 0; at -= 1) {
      if (placed[at] !== undefined && isFree(at)) return at;
    }
    return -1;
  };

  const shown = new Set(placed);
  for (const tile of tiles) {
    if (!lit.subjects.has(tile.subject) || shown.has(tile)) continue;
    const at = lastFree();
    if (at >= 0) placed[at] = tile;
  }

  const nodes = placeNodes(lit, grid, isFree);
  for (const { at } of nodes) placed[at] = undefined;

  let hidden = hiddenOf(tiles, placed);
  if (hidden.length > 0 && moreAt < 0) {
    // Nodes cover tiles of a full band: one more slot tells so.
    const taken = new Set(nodes.map(({ at }) => at));
    const empty = range(capacity).find((at) => placed[at] === undefined && !taken.has(at));
    moreAt = empty ?? lastFree();
    if (moreAt >= 0) placed[moreAt] = undefined;
    hidden = hiddenOf(tiles, placed);
  }

  const found: Slot<Tile>[] = [...nodes];
  placed.forEach((tile, at) => {
    if (tile !== undefined) found.push({ kind: 'tile', at, tile });
  });
  if (moreAt >= 0) {
    const faults = hidden.filter((tile) => mustShow(tile.severity)).length;
    found.push({ kind: 'more', at: moreAt, count: hidden.length, faults });
  }
  return found.sort((one, other) => one.at - other.at);
}

/** The tiles that are drawn while nothing is lit, in the catalogue's order. */
function choose<Tile extends Pick<TileRow, 'severity'>>(
  tiles: readonly Tile[],
  capacity: number,
): Tile[] {
  if (tiles.length <= capacity) return [...tiles];
  const room = capacity - 1;
  const faulty = tiles
    .filter((tile) => mustShow(tile.severity))
    .sort((one, other) => RANK[other.severity] - RANK[one.severity])
    .slice(0, room);
  const kept = new Set(faulty);
  for (const tile of tiles) {
    if (kept.size >= room) break;
    if (!mustShow(tile.severity)) kept.add(tile);
  }
  return tiles.filter((tile) => kept.has(tile));
}

function hiddenOf<Tile>(tiles: readonly Tile[], placed: readonly (Tile | undefined)[]): Tile[] {
  const shown = new Set(placed);
  return tiles.filter((tile) => !shown.has(tile));
}

type NodeSlot = Extract<Slot<never>, { kind: 'node' | 'nodes' }>;

/** Slots for the nodes of the path: in its own column first, then beside it. */
function placeNodes(lit: Lit, grid: Grid, isFree: (at: number) => boolean): NodeSlot[] {
  const most = grid.columns >= 6 ? 3 : 2;
  const free: number[] = [];
  for (let row = 0; row < grid.rows; row += 1) {
    for (let step = 0; step < grid.columns; step += 1) {
      const at = row * grid.columns + ((lit.column + step) % grid.columns);
      if (isFree(at)) free.push(at);
    }
  }
  const wanted = Math.min(most, lit.nodes.length, free.length);
  const isShort = lit.nodes.length > wanted;
  const alone = isShort ? Math.max(0, wanted - 1) : wanted;
  const found: NodeSlot[] = [];
  lit.nodes.slice(0, alone).forEach((use, index) => {
    found.push({ kind: 'node', at: free[index] ?? 0, use });
  });
  if (isShort && wanted > 0) {
    const rest = lit.nodes.slice(alone);
    found.push({
      kind: 'nodes',
      at: free[alone] ?? 0,
      count: rest.length,
      gpus: rest.reduce((sum, use) => sum + use.gpus_used, 0),
    });
  }
  return found;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}
