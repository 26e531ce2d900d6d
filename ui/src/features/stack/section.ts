/** The whole drawing of the Stack as rectangles and lines: what stands where, and what is lit. Pure. */

import type { GpuNodeRow, Layer, TileRow, TraceRow } from '$bindings/contract';
import { baseRect, LAYERS, slotRect, type Measures, type Rect } from './measures';
import { layRacks, type Racks } from './racks';
import { route, type LitTile, type Route } from './route';
import { slots, type Slot } from './slots';

export interface Section {
  /** The subjects on the lit path; none while nothing is lit. */
  readonly litSubjects: ReadonlySet<string>;
  /** The nodes on the lit path; `null` while nothing is lit. */
  readonly litNodes: ReadonlySet<string> | null;
  readonly bands: readonly { readonly layer: Layer; readonly slots: readonly Slot<TileRow>[] }[];
  /** Where the racks lie. */
  readonly box: Rect;
  readonly racks: Racks;
  /** The nodes of the path, in the base. */
  readonly outlines: readonly Rect[];
  readonly route: Route | null;
}

export function section(
  measures: Measures,
  tiles: readonly TileRow[],
  gpuNodes: readonly GpuNodeRow[],
  trace: TraceRow | undefined,
): Section {
  const stops = trace?.stops ?? [];
  const litSubjects = new Set(
    trace === undefined ? [] : [trace.subject, ...stops.flatMap((stop) => stop.tiles)],
  );
  const litNodes =
    trace === undefined
      ? null
      : new Set(stops.flatMap((stop) => stop.nodes).map(({ node }) => node));

  const place = (layer: Layer, column: number, withNodes: boolean) =>
    slots(
      tiles.filter((tile) => tile.layer === layer),
      { columns: measures.columns, rows: layer === 'hardware' ? 1 : measures.rows },
      {
        subjects: litSubjects,
        nodes:
          withNodes && layer === 'infrastructure'
            ? (stops.find((stop) => stop.layer === layer)?.nodes ?? [])
            : [],
        column,
      },
    );

  // The path runs in the column of the tile that it starts from, or else of its first tile.
  const drawn = LAYERS.flatMap((layer) => place(layer, 0, false));
  const from =
    drawn.find((slot) => slot.kind === 'tile' && slot.tile.subject === trace?.subject) ??
    drawn.find((slot) => slot.kind === 'tile' && litSubjects.has(slot.tile.subject));
  const column = (from?.at ?? 0) % measures.columns;
  const bands = LAYERS.map((layer) => ({ layer, slots: place(layer, column, true) }));

  const box = baseRect(measures);
  const racks = layRacks(gpuNodes, box);
  const outlines = racks.racks
    .flatMap((rack) => rack.nodes)
    .filter(({ node }) => litNodes?.has(node.node) === true)
    .map(({ rect }) => rect);

  const litTiles: LitTile[] = bands.flatMap(({ layer, slots: found }) =>
    found
      .filter((slot) =>
        slot.kind === 'tile' ? litSubjects.has(slot.tile.subject) : slot.kind !== 'more',
      )
      .map((slot) => ({
        layer,
        column: slot.at % measures.columns,
        rect: slotRect(measures, layer, slot.at),
        isNode: slot.kind !== 'tile',
      })),
  );
  const joins = stops.flatMap(({ layer, join }) =>
    join === undefined ? [] : [{ layer, phrase: join }],
  );
  return {
    litSubjects,
    litNodes,
    bands,
    box,
    racks,
    outlines,
    route: trace === undefined ? null : route(measures, column, litTiles, outlines, joins, box.y),
  };
}
