/** Draws the GPUs of the base on a canvas: thousands of cells, one paint. */

import type { GpuNodeRow } from '$bindings/contract';
import { cellsOf, LABEL, type Racks } from './racks';

/** The colours of the base, as the theme has them. */
export interface Ink {
  readonly hue: string;
  readonly ground: string;
  readonly free: string;
  readonly freeEdge: string;
  readonly unknown: string;
  readonly warning: string;
  readonly label: string;
  readonly font: string;
  /** How strong allocated cells are: beside a lit path, while nothing is lit, on the path. */
  readonly strength: { readonly beside: number; readonly none: number; readonly lit: number };
}

const DARK = { beside: 0.3, none: 0.56, lit: 1 };
const LIGHT = { beside: 0.26, none: 0.5, lit: 1 };

/** Reads the colours from the tokens of `theme`, which must be the one on the page. */
export function inkOf(element: Element, theme: 'dark' | 'light'): Ink {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    hue: token('hardware'),
    ground: token('hardware-band'),
    free: token('hardware-column'),
    freeEdge: token('line2'),
    unknown: token('unknown'),
    warning: token('warning'),
    label: token('t3'),
    font: token('mono'),
    strength: theme === 'dark' ? DARK : LIGHT,
  };
}

interface Painting {
  readonly racks: Racks;
  /** The nodes on the lit path; `null` while nothing is lit. */
  readonly lit: ReadonlySet<string> | null;
  readonly ink: Ink;
  /** Whether names can be written yet. */
  readonly hasFonts: boolean;
}

/** Paints into a context whose origin is the layout's and whose unit is a CSS pixel. */
export function paint(context: CanvasRenderingContext2D, painting: Painting): void {
  const { racks, lit, ink, hasFonts } = painting;
  context.textBaseline = 'alphabetic';
  context.font = `400 11px ${ink.font}`;
  let labelled = -Infinity;
  for (const rack of racks.racks) {
    // A name that would touch the one before is left out.
    if (hasFonts && rack.label !== '' && rack.rect.x > labelled) {
      context.globalAlpha = 1;
      context.fillStyle = ink.label;
      context.fillText(rack.label, rack.rect.x, rack.rect.y + LABEL - 6);
      labelled = rack.rect.x + context.measureText(rack.label).width + 6;
    }
    for (const { node, rect } of rack.nodes) {
      const strength =
        lit === null
          ? ink.strength.none
          : lit.has(node.node)
            ? ink.strength.lit
            : ink.strength.beside;
      if (!racks.byDevice) {
        paintNode(context, ink, rect, strength, node);
        continue;
      }
      cellsOf(node).forEach((state, at) => {
        const x = rect.x + at * (racks.cell.w + 1);
        paintCell(context, ink, state, x, rect.y, racks.cell.w, racks.cell.h, strength);
      });
    }
  }
  context.globalAlpha = 1;
}

function share(node: GpuNodeRow): number {
  return node.total === 0 ? 0 : Math.min(1, node.allocated / node.total);
}

type Box = { x: number; y: number; w: number; h: number };

function paintNode(
  context: CanvasRenderingContext2D,
  ink: Ink,
  { x, y, w, h }: Box,
  strength: number,
  node: GpuNodeRow,
): void {
  if (node.unknown) {
    hatch(context, ink, x, y, w, h);
    return;
  }
  context.globalAlpha = 1;
  context.fillStyle = ink.free;
  context.fillRect(x, y, w, h);
  context.globalAlpha = node.unhealthy > 0 ? 1 : strength * share(node);
  context.fillStyle = node.unhealthy > 0 ? ink.warning : ink.hue;
  context.fillRect(x, y, w, h);
}

function paintCell(
  context: CanvasRenderingContext2D,
  ink: Ink,
  state: ReturnType<typeof cellsOf>[number],
  x: number,
  y: number,
  w: number,
  h: number,
  strength: number,
): void {
  switch (state) {
    case 'allocated':
      context.globalAlpha = strength;
      context.fillStyle = ink.hue;
      context.fillRect(x, y, w, h);
      return;
    case 'free':
      context.globalAlpha = 1;
      context.fillStyle = ink.freeEdge;
      context.fillRect(x, y, w, h);
      if (w > 3 && h > 4) {
        context.fillStyle = ink.ground;
        context.fillRect(x + 1, y + 1, w - 2, h - 2);
      }
      return;
    case 'unhealthy':
      context.globalAlpha = 1;
      context.fillStyle = ink.warning;
      if (w < 5) {
        context.fillRect(x, y, w, h);
        return;
      }
      triangle(context, x + w / 2, y + h / 2, w / 2 + 0.5);
      return;
    case 'unknown':
      hatch(context, ink, x, y, w, h);
  }
}

/** The mark of a warning: a device that is withheld ends no work by itself. */
function triangle(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.moveTo(x, y - radius);
  context.lineTo(x + radius, y + radius * 0.8);
  context.lineTo(x - radius, y + radius * 0.8);
  context.fill();
}

function hatch(
  context: CanvasRenderingContext2D,
  ink: Ink,
  x: number,
  y: number,
  w: number,
  h: number,
): void {
  context.save();
  context.globalAlpha = 0.8;
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.strokeStyle = ink.unknown;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = -h; at < w + h; at += 4) {
    context.moveTo(x + at, y + h);
    context.lineTo(x + at + h, y);
  }
  context.stroke();
  context.restore();
}
