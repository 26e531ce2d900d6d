/**
 * The sheet under the cells: names, numbers of nodes, lines. It stands still while values come, but
 * for the means of blocks, of which only those are painted that say something else than before.
 */

import type { GpuBlockRow } from '$bindings/contract';
import type { Arranged, PlacedBlock } from './arrange';
import type { Ink } from './ink';

export interface Headings {
  readonly arranged: Arranged;
  readonly ink: Ink;
  /** What blocks and sections are called that have no name. */
  readonly unnamed: string;
  /** Whether blocks tell a mean. */
  readonly hasMeans: boolean;
  readonly nodes: (count: number) => string;
}

/** The room for a mean at the right end of a block's head. */
const MEAN_WIDTH = 40;
/** Narrower blocks have room for their name alone, which is worth more than a mean. */
const WIDTH_FOR_BOTH = 64;

/** Paints everything that does not move with the values. */
export function paintHeads(context: CanvasRenderingContext2D, headings: Headings): void {
  const { arranged, ink, unnamed } = headings;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  for (const section of arranged.sections) {
    const hasHead = section.name !== '' || arranged.sections.length > 1;
    if (!hasHead) continue;
    const name = section.name === '' ? unnamed : section.name;
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
    const name = block.name === '' ? unnamed : block.name;
    const room = block.width - (hasMean(headings, block) ? MEAN_WIDTH : 0);
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
    if (!hasMean(headings, block)) continue;
    const mean = rows[block.at]?.mean;
    const says = mean === undefined ? '' : `${Math.round(mean * 100)} %`;
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
    context.clearRect(right - MEAN_WIDTH, block.y + 3, MEAN_WIDTH, 15);
    context.fillText(says, right, block.y + 14);
  }
}

function hasMean({ hasMeans }: Headings, block: PlacedBlock): boolean {
  return hasMeans && block.width > WIDTH_FOR_BOTH;
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
