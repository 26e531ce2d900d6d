/**
 * The sheet under the cells: names, numbers of nodes, lines. It stands still while values come, but
 * for the means of blocks, of which only those are painted that say something else than before.
 */

import type { FigureUnit, GpuBlockRow, GpuMapRow } from '$bindings/contract';
import { amount } from '$lib/format/figure';
import type { Tongue } from '$lib/i18n/tongue';
import type { Arranged, PlacedBlock } from './arrange';
import type { Ink } from './ink';

interface Headings {
  readonly arranged: Arranged;
  readonly ink: Ink;
  /** What a block or a section is called. */
  readonly called: (name: string) => string;
  /** How a block's mean is said; none where blocks have none. */
  readonly mean: Mean | null;
  readonly nodes: (count: number) => string;
}

interface Mean {
  /** The room for it at the right end of a block's head. */
  readonly width: number;
  /** Says a mean, which is told as a share of the scale. */
  readonly say: (share: number) => string;
}

/** Units of which a mean is short: `83 %`, `64 °C`, `312 W`. */
const SHORT: readonly FigureUnit[] = ['ratio', 'celsius', 'watts'];
/** Narrower blocks have room for their name alone, which is worth more than a mean. */
const WIDTH_FOR_NAME = 24;

/** How the means of a map are said on the scale that it has. */
export function meanOn(
  { colour, unit, least, most }: Pick<GpuMapRow, 'colour' | 'unit' | 'least' | 'most'>,
  tongue: Tongue,
): Mean | null {
  if (colour === 'state') return null;
  return {
    width: SHORT.includes(unit) ? 40 : 66,
    say: (share) => {
      const value = least + share * (most - least);
      if (unit === 'ratio') return `${Math.round(value * 100)} %`;
      return amount(unit === 'count' ? value : Math.round(value), unit, tongue);
    },
  };
}

/** Paints everything that does not move with the values. */
export function paintHeads(context: CanvasRenderingContext2D, headings: Headings): void {
  const { arranged, ink, called } = headings;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  for (const section of arranged.sections) {
    const hasHead = section.name !== '' || arranged.sections.length > 1;
    if (!hasHead) continue;
    const name = called(section.name);
    context.fillStyle = ink.name;
    context.font = `600 13px ${ink.mono}`;
    context.fillText(name, section.x, section.y + 14);
    const after = section.x + context.measureText(name).width + 14;
    context.fillStyle = ink.label;
    context.font = `400 11px ${ink.sans}`;
    const rest = [...section.models, headings.nodes(section.nodes)].join(' · ');
    context.fillText(
      clipped(context, rest, section.x + section.width - after),
      after,
      section.y + 14,
    );
    context.fillStyle = ink.line;
    context.fillRect(section.x, section.y + 22, section.width, 1);
  }
  for (const block of arranged.blocks) {
    context.fillStyle = ink.name;
    context.font = `500 11px ${ink.mono}`;
    const name = called(block.name);
    const room = block.width - (meanIn(headings, block)?.width ?? 0);
    context.fillText(clipped(context, name, room, 'end'), block.x, block.y + 14);
    if (!arranged.size.label) continue;
    context.fillStyle = ink.label;
    context.font = `400 10px ${ink.mono}`;
    for (const { x, y, label } of block.lines) {
      const short = label.length > 12 ? `…${label.slice(-11)}` : label;
      context.fillText(short, x, y + arranged.size.h / 2 + 3.5);
    }
  }
}

/**
 * Paints the means that are not as in `said`, what each block said when it was painted last; enters
 * there what they say now.
 */
export function paintMeans(
  context: CanvasRenderingContext2D,
  headings: Headings,
  rows: readonly GpuBlockRow[],
  said: string[],
): void {
  const { arranged, ink } = headings;
  let isReady = false;
  for (const block of arranged.blocks) {
    const shown = meanIn(headings, block);
    if (shown === null) continue;
    const mean = rows[block.at]?.mean;
    const says = mean === undefined ? '' : shown.say(mean);
    if (said[block.at] === says) continue;
    said[block.at] = says;
    if (!isReady) {
      // To set a font makes the page compute every style that is due.
      context.font = `400 11px ${ink.mono}`;
      context.fillStyle = ink.label;
      context.textAlign = 'right';
      isReady = true;
    }
    const right = block.x + block.width;
    context.clearRect(right - shown.width, block.y + 3, shown.width, 15);
    context.fillText(says, right, block.y + 14);
  }
}

function meanIn({ mean }: Headings, block: PlacedBlock): Mean | null {
  return mean !== null && block.width > mean.width + WIDTH_FOR_NAME ? mean : null;
}

/** `text`, cut to `width`: at its end, or at its start where the end tells equals apart. */
function clipped(
  context: CanvasRenderingContext2D,
  text: string,
  width: number,
  keep: 'start' | 'end' = 'start',
): string {
  if (context.measureText(text).width <= width) return text;
  let cut = text;
  const said = () => (keep === 'start' ? `${cut}…` : `…${cut}`);
  while (cut.length > 1 && context.measureText(said()).width > width) {
    cut = keep === 'start' ? cut.slice(0, -1) : cut.slice(1);
  }
  return said();
}
