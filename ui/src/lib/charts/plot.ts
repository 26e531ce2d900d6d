/** Series over time on a canvas: what uPlot is told. */

import type uPlot from 'uplot';
import type { HistoryChart, Steps } from '$bindings/contract';

/** A figure in steps of equal length; `null` where nothing was measured. */
export interface TimeSeries {
  /** When the first step begins, in seconds since 1970. */
  readonly begins: number;
  /** Seconds of a step. */
  readonly step: number;
  readonly means: readonly (number | null)[];
  /** The least and the most of each step, where a step holds several values. */
  readonly least: readonly (number | null)[];
  readonly most: readonly (number | null)[];
}

/** What the engine kept of a figure, as it is drawn. */
export function seriesOf(steps: Steps, { means, least, most }: HistoryChart): TimeSeries {
  return { begins: Date.parse(steps.begins) / 1000, step: steps.seconds, means, least, most };
}

/** What a plot looks like and does. */
export interface PlotChoices {
  readonly width: number;
  readonly height: number;
  /** The top of the scale; absent where the values decide. */
  readonly top: number | undefined;
  /** How wide the words beside the scale are. */
  readonly axis?: keyof typeof WIDTHS;
  /** Whether values are counted in powers of two, as memory is. */
  readonly isBinary?: boolean;
  readonly say: (value: number) => string;
  /** Plots of one name share their cursor. */
  readonly sync: string;
  /** The place that the cursor is at; `null` where it is at none. */
  readonly onpoint: (at: number | null) => void;
  /** A span was drawn with the pointer, in seconds since 1970; absent where none can be. */
  readonly onzoom: ((from: number, until: number) => void) | undefined;
}

/** Times, then most, least and mean of each. */
export function columns(series: TimeSeries): uPlot.AlignedData {
  const times = series.means.map((_, at) => series.begins + at * series.step);
  return [times, [...series.most], [...series.least], [...series.means]];
}

const DAY = 86_400;

/** The words below an axis of time: the hour, and the day where a day begins or none is shorter. */
export function moments(splits: readonly number[], increment: number): string[] {
  const two = (number: number) => String(number).padStart(2, '0');
  return splits.map((split) => {
    const at = new Date(split * 1_000);
    const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
    const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    return increment >= DAY || time === '00:00' ? day : time;
  });
}

/** Spans of steps without a value, as places: from the last known to the next. */
export function gapsOf(values: readonly (number | null)[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let begun: number | null = null;
  for (const [at, value] of values.entries()) {
    if (value === null) begun ??= at;
    else if (begun !== null) {
      found.push({ from: Math.max(0, begun - 1), to: at });
      begun = null;
    }
  }
  // The step that has just begun is not measured yet: no gap.
  const end = values.length - 1;
  if (begun !== null && begun < end) found.push({ from: Math.max(0, begun - 1), to: end });
  return found;
}

/** How wide a word below the axis is. */
const MOMENT = 36;
const WIDTHS = { short: 48, long: 68 };
/** What may lie between two lines of a scale of memory. */
const POWERS = Array.from({ length: 60 }, (_, power) => 2 ** power);

/** A token of the look, as it is on the page at `page`. */
export function tokenOf(page: Element): (name: string) => string {
  const style = getComputedStyle(page);
  return (name) => style.getPropertyValue(name).trim();
}

/** What every plot has: its scales, axes and cursor, in the colours that are on the page. */
export function frameOf(page: Element, choices: PlotChoices): Omit<uPlot.Options, 'series'> {
  const token = tokenOf(page);
  const font = '11px "JetBrains Mono Variable", monospace';
  const axis = { stroke: token('--t3'), font, ticks: { show: false } };
  return {
    width: choices.width,
    height: choices.height,
    padding: [6, 0, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: true },
      y: { range: (_, __, max) => [0, choices.top ?? Math.max(max * 1.1, Number.MIN_VALUE)] },
    },
    axes: [
      {
        ...axis,
        size: 22,
        gap: 4,
        space: 64,
        grid: { show: false },
        values: (plot, splits, _, __, increment) => {
          // A word that would be cut off at the edge is left out.
          const end = plot.width - MOMENT / 2;
          return moments(splits, increment).map((word, at) =>
            plot.valToPos(splits[at] ?? 0, 'x') + WIDTHS[choices.axis ?? 'short'] > end ? '' : word,
          );
        },
      },
      {
        ...axis,
        size: WIDTHS[choices.axis ?? 'short'],
        ...(choices.isBinary === true ? { incrs: POWERS } : {}),
        gap: 4,
        space: 30,
        grid: { stroke: token('--line'), width: 1 },
        values: (_, values) => values.map((value) => choices.say(value)),
      },
    ],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: choices.onzoom !== undefined, y: false, setScale: false },
      sync: { key: choices.sync, scales: ['x', null] },
    },
    hooks: {
      setCursor: [(plot) => choices.onpoint(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          choices.onzoom?.(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
        },
      ],
    },
  };
}

/** The options of one series, in the colours of `theme`, which must be the one on the page. */
export function optionsOf(
  page: Element,
  theme: 'dark' | 'light',
  series: TimeSeries,
  choices: PlotChoices,
): uPlot.Options {
  const token = tokenOf(page);
  const frame = frameOf(page, choices);
  // The range of a step is a quiet ground behind its mean, in both themes.
  const ground = theme === 'dark' ? token('--bg4') : token('--bg3');
  const unknown = token('--unknown');
  return {
    ...frame,
    series: [
      {},
      { stroke: 'transparent', points: { show: false } },
      { stroke: 'transparent', points: { show: false } },
      { stroke: token('--t1'), width: 1.25, spanGaps: false, points: { size: 3 } },
    ],
    bands: [{ series: [1, 2], fill: ground }],
    hooks: {
      ...frame.hooks,
      drawClear: [(plot) => drawGaps(plot, series, series.means, unknown)],
    },
  };
}

/** Hatches what is not known: a gap is no zero. */
export function drawGaps(
  plot: uPlot,
  { begins, step }: Pick<TimeSeries, 'begins' | 'step'>,
  values: readonly (number | null)[],
  colour: string,
): void {
  const { ctx, bbox } = plot;
  for (const { from, to } of gapsOf(values)) {
    const left = plot.valToPos(begins + from * step, 'x', true);
    const right = plot.valToPos(begins + to * step, 'x', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.strokeStyle = colour;
    ctx.globalAlpha = 0.6;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    const apart = 5 * devicePixelRatio;
    for (let x = left - bbox.height; x < right; x += apart) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
}
