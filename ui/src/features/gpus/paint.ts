/** Paints the map: thousands of cells, one pass, no layout. */

import type { GpuColour } from '$bindings/contract';
import type { Arranged, Cell, CellSize } from './arrange';
import { HEAT, shadeOf } from './heat';
import { gpuOf } from './options';

/** The colours of the map, as the theme has them. */
export interface Ink {
  readonly isDark: boolean;
  readonly ground: string;
  readonly name: string;
  readonly label: string;
  readonly line: string;
  readonly edge: string;
  readonly held: string;
  readonly unknown: string;
  readonly notice: string;
  readonly warning: string;
  readonly critical: string;
  readonly warningGround: string;
  readonly criticalGround: string;
  readonly accent: string;
  readonly sans: string;
  readonly mono: string;
}

const inks = new Map<'dark' | 'light', Ink>();

/**
 * Reads the colours from the tokens of `theme`, which must be the one on the page. Once for each
 * theme: to ask the page for a style makes it compute every style that is due.
 */
export function inkOf(element: Element, theme: 'dark' | 'light'): Ink {
  const known = inks.get(theme);
  if (known !== undefined) return known;
  const read = readInk(element, theme);
  inks.set(theme, read);
  return read;
}

function readInk(element: Element, theme: 'dark' | 'light'): Ink {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    isDark: theme === 'dark',
    ground: token('bg0'),
    name: token('t1'),
    label: token('t3'),
    line: token('line2'),
    edge: token('edge'),
    held: theme === 'dark' ? '#7F8C99' : '#8996A2',
    unknown: token('unknown'),
    notice: token('notice'),
    warning: token('warning'),
    critical: token('critical'),
    warningGround: token('warning-ground'),
    criticalGround: token('critical-ground'),
    accent: token('accent'),
    sans: token('sans'),
    mono: token('mono'),
  };
}

export interface Painting {
  readonly arranged: Arranged;
  readonly ink: Ink;
  readonly colour: GpuColour;
  /** The GPU that is open, as `node/index`; empty for none. */
  readonly chosen: string;
  /** What blocks and sections are called that have no name. */
  readonly unnamed: string;
  readonly nodes: (count: number) => string;
}

export function paint(context: CanvasRenderingContext2D, painting: Painting): void {
  const { arranged, ink } = painting;
  context.textBaseline = 'alphabetic';
  heads(context, painting);
  const unknown = hatching(context, ink);
  const { size } = arranged;
  // Cells of one colour in one path: a canvas is slow where its colour changes, not where it fills.
  const shades: (Cell[] | undefined)[] = [];
  const edged: Cell[] = [];
  const absent: Cell[] = [];
  const marked: Cell[] = [];
  const open = gpuOf(painting.chosen);
  let chosen: Cell | undefined;
  for (const cell of arranged.cells) {
    const severity = cell.line.severities[cell.at] ?? '.';
    const value = cell.line.values[cell.at] ?? -1;
    if (open !== null && cell.index === open.index && cell.node === open.node) chosen = cell;
    if (severity === 'c' || severity === 'w') marked.push(cell);
    else if (painting.colour === 'state') {
      const state = cell.line.states[cell.at] ?? '?';
      ofState(context, ink, unknown, state, cell.x, cell.y, size);
    } else if (value < 0) absent.push(cell);
    else {
      const shade = shadeOf(value);
      (shades[shade] ??= []).push(cell);
      // The end of the scale that fades into the ground has an edge.
      if (size.w > 5 && (ink.isDark ? value < 180 : value > 820)) edged.push(cell);
    }
  }
  shades.forEach((cells, shade) => {
    if (cells !== undefined) fillAll(context, cells, size, HEAT[shade] ?? ink.unknown);
  });
  fillAll(context, absent, size, unknown);
  context.strokeStyle = ink.isDark ? '#466296' : '#8A7A20';
  context.lineWidth = 1;
  context.beginPath();
  for (const { x, y } of edged) context.rect(x + 0.5, y + 0.5, size.w - 1, size.h - 1);
  context.stroke();
  for (const cell of marked) {
    const isCritical = cell.line.severities[cell.at] === 'c';
    fault(context, ink, isCritical ? 'c' : 'w', cell.x, cell.y, size);
  }
  if (chosen !== undefined) {
    context.strokeStyle = ink.accent;
    context.lineWidth = 2;
    context.strokeRect(chosen.x - 2, chosen.y - 2, size.w + 4, size.h + 4);
  }
  for (const block of arranged.blocks) {
    for (const { line, x, y } of block.lines) {
      if (!line.cordoned) continue;
      const width = line.indices.length * (size.w + 1) - 1;
      context.strokeStyle = ink.ground;
      context.lineWidth = 4;
      stroke(context, x + arranged.gutter, y + size.h / 2, width, []);
      context.strokeStyle = ink.name;
      context.lineWidth = 2;
      stroke(context, x + arranged.gutter, y + size.h / 2, width, [5, 4]);
    }
  }
}

function fillAll(
  context: CanvasRenderingContext2D,
  cells: readonly Cell[],
  { w, h }: CellSize,
  colour: string | CanvasPattern,
): void {
  if (cells.length === 0) return;
  context.fillStyle = colour;
  context.beginPath();
  for (const { x, y } of cells) context.rect(x, y, w, h);
  context.fill();
}

function heads(context: CanvasRenderingContext2D, painting: Painting): void {
  const { arranged, ink, unnamed } = painting;
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
    const rest = [...section.models, painting.nodes(section.nodes)].join(' · ');
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
    const name = block.block.name === '' ? unnamed : block.block.name;
    const { mean } = block.block;
    // Where there is no room for both, the name is worth more than the mean.
    const hasMean = painting.colour !== 'state' && mean !== undefined && block.width > 64;
    context.fillText(
      clipped(context, name, block.width - (hasMean ? 40 : 0), 'end'),
      block.x,
      block.y + 14,
    );
    if (hasMean) {
      const said = `${Math.round(mean * 100)} %`;
      context.fillStyle = ink.label;
      context.font = `400 11px ${ink.mono}`;
      context.fillText(said, block.x + block.width - context.measureText(said).width, block.y + 14);
    }
    if (!arranged.size.label) continue;
    context.fillStyle = ink.label;
    context.font = `400 10px ${ink.mono}`;
    for (const { x, y, label } of block.lines) {
      const short = label.length > 12 ? `…${label.slice(-11)}` : label;
      context.fillText(short, x, y + arranged.size.h / 2 + 3.5);
    }
  }
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

function ofState(
  context: CanvasRenderingContext2D,
  ink: Ink,
  unknown: CanvasPattern | string,
  state: string,
  x: number,
  y: number,
  { w, h }: CellSize,
): void {
  if (state === 'f') {
    context.strokeStyle = ink.edge;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
    return;
  }
  context.fillStyle = state === 'a' ? ink.held : state === 'i' ? ink.notice : unknown;
  context.fillRect(x, y, w, h);
}

function fault(
  context: CanvasRenderingContext2D,
  ink: Ink,
  severity: 'c' | 'w',
  x: number,
  y: number,
  { w, h }: CellSize,
): void {
  const isCritical = severity === 'c';
  context.fillStyle = isCritical ? ink.criticalGround : ink.warningGround;
  context.fillRect(x, y, w, h);
  context.fillStyle = isCritical ? ink.critical : ink.warning;
  const radius = Math.min(w, h) / 2 - (w > 8 ? 1.5 : 0);
  const middle = { x: x + w / 2, y: y + h / 2 };
  context.beginPath();
  if (isCritical) {
    context.moveTo(middle.x, middle.y - radius);
    context.lineTo(middle.x + radius, middle.y);
    context.lineTo(middle.x, middle.y + radius);
    context.lineTo(middle.x - radius, middle.y);
  } else {
    context.moveTo(middle.x, middle.y - radius);
    context.lineTo(middle.x + radius, middle.y + radius * 0.8);
    context.lineTo(middle.x - radius, middle.y + radius * 0.8);
  }
  context.fill();
}

function stroke(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  dashes: number[],
): void {
  context.setLineDash(dashes);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + width, y);
  context.stroke();
  context.setLineDash([]);
}

let hatched: { readonly colour: string; readonly pattern: CanvasPattern } | undefined;

/** The hatching of what is not known, painted once and repeated. */
function hatching(context: CanvasRenderingContext2D, ink: Ink): CanvasPattern | string {
  if (hatched?.colour === ink.unknown) return hatched.pattern;
  const tile = document.createElement('canvas');
  tile.width = 6;
  tile.height = 6;
  const on = tile.getContext('2d');
  if (on === null) return ink.unknown;
  on.strokeStyle = ink.unknown;
  on.lineWidth = 1;
  on.beginPath();
  for (const at of [-3, 0, 3]) {
    on.moveTo(at, 6);
    on.lineTo(at + 6, 0);
  }
  on.moveTo(3, 9);
  on.lineTo(9, 3);
  on.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  if (pattern === null) return ink.unknown;
  hatched = { colour: ink.unknown, pattern };
  return pattern;
}
