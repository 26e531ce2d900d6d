/** The lines of a small chart: pure, so that gaps and flat lines can be tested. */

export interface Drawn {
  /** The curve, broken where nothing was known. */
  readonly line: string;
  /** The same, closed down to the ground. */
  readonly area: string;
  /** The last point, where the last value is known. */
  readonly last: { readonly x: number; readonly y: number } | null;
  /** Where it ends, where nothing has been known since. */
  readonly ends: number | null;
}

/** Room above and below the curve. */
const MARGIN = 3;

/**
 * The curve of `values` in a box. The scale runs from the smallest to the largest value, but over at
 * least a tenth of the largest, so that a figure that hardly moves looks still; or from 0 to `top`, where
 * that is given. `null` where fewer than two values are known.
 */
export function sparkline(
  values: readonly (number | null)[],
  width: number,
  height: number,
  top?: number,
): Drawn | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const most = Math.max(...known);
  const least = Math.min(...known);
  const isBound = top !== undefined && top > 0;
  const range = isBound ? Math.max(top, most) : Math.max(most - least, Math.abs(most) * 0.1, 1e-9);
  const floor = isBound ? Math.min(0, least) : (most + least) / 2 - range / 2;
  const step = width / Math.max(1, values.length - 1);
  const round = (number: number) => Math.round(number * 10) / 10;
  const place = (value: number, at: number) => ({
    x: round(at * step),
    y: round(height - MARGIN - ((value - floor) / range) * (height - 2 * MARGIN)),
  });

  const runs: { x: number; y: number }[][] = [];
  let run: { x: number; y: number }[] = [];
  values.forEach((value, at) => {
    if (value === null) {
      run = [];
      return;
    }
    if (run.length === 0) runs.push(run);
    run.push(place(value, at));
  });

  const line = runs.map((points) => `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}`).join('');
  const area = runs
    .filter((points) => points.length > 1)
    .map((points) => {
      const first = points[0]?.x ?? 0;
      const end = points.at(-1)?.x ?? 0;
      return `M${first} ${height}L${points.map(({ x, y }) => `${x} ${y}`).join('L')}L${end} ${height}Z`;
    })
    .join('');
  const lastValue = values.at(-1) ?? null;
  const knownUntil = values.findLastIndex((value) => value !== null);
  return {
    line,
    area,
    last: lastValue === null ? null : place(lastValue, values.length - 1),
    ends: lastValue === null ? round(knownUntil * step) : null,
  };
}
