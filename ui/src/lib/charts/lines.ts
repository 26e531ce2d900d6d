/** Several series on one scale: how their lines are told apart, and what uPlot is told of them. */

import type uPlot from 'uplot';
import { drawGaps, frameOf, tokenOf, type PlotChoices } from './plot';

/** How a line is drawn. Colour alone tells nothing apart: shade and dashes do. */
export interface Stroke {
  /** The token of its colour. */
  readonly token: '--accent' | '--t1' | '--unknown';
  readonly width: number;
  /** Marks and gaps in pixels; none for a whole line. */
  readonly dash: readonly number[];
}

const DASHES: readonly (readonly number[])[] = [[], [6, 3], [1.5, 2.5], [8, 3, 1.5, 3]];

/** The stroke of the line at `at`: the one that is looked at is first, those beside it follow. */
export function strokeAt(at: number): Stroke {
  if (at === 0) return { token: '--accent', width: 1.75, dash: [] };
  const beside = at - 1;
  return {
    token: beside % 2 === 0 ? '--t1' : '--unknown',
    width: 1.25,
    dash: DASHES[Math.min(Math.floor(beside / 2), DASHES.length - 1)] ?? [],
  };
}

/** Lines over the same steps. */
export interface Lines {
  /** When the first step begins, in seconds since 1970. */
  readonly begins: number;
  /** Seconds of a step. */
  readonly step: number;
  /** The values of each line, the one that is looked at first. */
  readonly lines: readonly (readonly (number | null)[])[];
}

/** Times, then the lines from the last to the first, so that the first is drawn over the others. */
export function columnsOf({ begins, step, lines }: Lines): uPlot.AlignedData {
  const times = (lines[0] ?? []).map((_, at) => begins + at * step);
  return [times, ...lines.toReversed().map((line) => [...line])];
}

/** Which of uPlot's series the line at `at` is. */
export function seriesOf(at: number, count: number): number {
  return count - at;
}

/** The options of several series, in the colours of `theme`, which must be the one on the page. */
export function optionsOfLines(
  page: Element,
  theme: 'dark' | 'light',
  lines: Lines,
  isShown: (at: number) => boolean,
  choices: PlotChoices,
): uPlot.Options {
  const token = tokenOf(page);
  const frame = frameOf(page, choices);
  const unknown = token('--unknown');
  const series = lines.lines.map((_, at) => {
    const { token: colour, width, dash } = strokeAt(at);
    return {
      stroke: token(colour),
      width,
      dash: [...dash],
      spanGaps: false,
      points: { show: false },
      show: isShown(at),
    };
  });
  return {
    ...frame,
    // On a light ground a faded line is lost sooner.
    focus: { alpha: theme === 'dark' ? 0.25 : 0.4 },
    series: [{}, ...series.toReversed()],
    hooks: {
      ...frame.hooks,
      drawClear: [(plot) => drawGaps(plot, lines, lines.lines[0] ?? [], unknown)],
    },
  };
}
