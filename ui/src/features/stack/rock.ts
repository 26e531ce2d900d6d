/** The drawing of the rock: boundaries that undulate by 3 px at most, and bedding lines between. */

/** Between two points of a line. */
const STEP = 24;
const MOST = 3;

/** How far the boundary `seed` lies from its level at `x`: a sum of two slow waves. */
export function undulation(x: number, seed: number): number {
  const slow = Math.sin(x / 210 + seed * 2.1);
  const quick = Math.sin(x / 83 + seed * 4.7);
  return Math.round(MOST * (0.68 * slow + 0.32 * quick) * 10) / 10;
}

/** An undulating line at the level `y`, from `from` to `to`. */
export function boundary(y: number, from: number, to: number, seed: number): string {
  const points: string[] = [];
  for (let x = from; x < to; x += STEP) points.push(`${x} ${y + undulation(x, seed)}`);
  points.push(`${to} ${y + undulation(to, seed)}`);
  return `M${points.join('L')}`;
}

/** A band between two levels; the first has a straight top, for nothing lies on it. */
export function band(top: number, bottom: number, from: number, to: number, seed: number): string {
  const upper = seed === 0 ? `M${from} ${top}L${to} ${top}` : boundary(top, from, to, seed);
  return `${upper}L${to} ${bottom + MOST}L${from} ${bottom + MOST}Z`;
}
