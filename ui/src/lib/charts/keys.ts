/** A chart's cursor under the keyboard: steps, and spans to look closer at. */

import type uPlot from 'uplot';

/** Where the cursor is, and where a span that is being marked began. */
export interface Mark {
  readonly at: number;
  readonly anchor: number | null;
}

/** What a key does. */
export type Stroke =
  | { readonly does: 'move'; readonly mark: Mark }
  | { readonly does: 'zoom'; readonly from: number; readonly until: number }
  | { readonly does: 'leave' };

const FAR = 10;

/** What `key` does to a cursor at `mark` over `count` steps; `null` where it is not the chart's. */
export function strokeOf(
  key: string,
  withShift: boolean,
  mark: Mark | null,
  count: number,
): Stroke | null {
  const last = count - 1;
  if (last < 0) return null;
  if (key === 'Escape') return mark === null ? null : { does: 'leave' };
  if (key === 'Enter') {
    if (mark === null || mark.anchor === null || mark.anchor === mark.at) return null;
    const [from, until] = [Math.min(mark.at, mark.anchor), Math.max(mark.at, mark.anchor)];
    return { does: 'zoom', from, until };
  }
  const at = mark?.at ?? last;
  const to: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    PageDown: at - FAR,
    PageUp: at + FAR,
    Home: 0,
    End: last,
  };
  const wanted = to[key];
  if (wanted === undefined) return null;
  const place = mark === null && !withShift ? last : Math.min(last, Math.max(0, wanted));
  return {
    does: 'move',
    mark: { at: place, anchor: withShift ? (mark?.anchor ?? at) : null },
  };
}

/** Puts the cursor of `plot`, and those that share it, where `mark` is. */
export function show(plot: uPlot, mark: Mark, timeOf: (at: number) => number): void {
  const place = (at: number) => plot.valToPos(timeOf(at), 'x');
  const { height } = plot.over.getBoundingClientRect();
  plot.setCursor({ left: place(mark.at), top: height / 2 });
  const [left, right] =
    mark.anchor === null
      ? [0, 0]
      : [place(Math.min(mark.at, mark.anchor)), place(Math.max(mark.at, mark.anchor))];
  plot.setSelect({ left, width: right - left, top: 0, height }, false);
}

/** Takes the cursor of `plot` off. */
export function hide(plot: uPlot): void {
  plot.setCursor({ left: -10, top: -10 });
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
}
