/** The heat scale: cividis, the same in both themes, as the look has it. */

const STOPS = [
  '#00204D',
  '#00306F',
  '#2A406C',
  '#48526B',
  '#5E626E',
  '#737475',
  '#898679',
  '#A19A76',
  '#B9AC70',
  '#D3C065',
  '#EED54F',
  '#FFEA46',
] as const;

/** How many colours there are between the ends. */
const STEPS = 256;

function channels(colour: string): [number, number, number] {
  const read = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return [read(1), read(3), read(5)];
}

/** Every colour, low to high. */
export const HEAT: readonly string[] = Array.from({ length: STEPS }, (_, step) => {
  const place = (step / (STEPS - 1)) * (STOPS.length - 1);
  const low = Math.min(STOPS.length - 2, Math.floor(place));
  const part = place - low;
  const from = channels(STOPS[low] ?? STOPS[0]);
  const to = channels(STOPS[low + 1] ?? STOPS[0]);
  const mixed = from.map((value, at) => Math.round(value + ((to[at] ?? value) - value) * part));
  return `rgb(${mixed.join(' ')})`;
});

/** The place in {@link HEAT} of a value in thousandths of the scale. */
export function shadeOf(thousandths: number): number {
  return Math.round((Math.min(1000, Math.max(0, thousandths)) / 1000) * (STEPS - 1));
}

/** The scale as a CSS gradient, for the legend. */
export const HEAT_GRADIENT = `linear-gradient(to right, ${STOPS.join(', ')})`;
