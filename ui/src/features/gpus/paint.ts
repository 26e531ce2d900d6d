/**
 * Paints the cells of the map: thousands, in one pass, without layout and without making objects.
 * It knows neither the page nor the fleet, so that a thread of its own can run it.
 */

import { HEAT, shadeOf } from './heat';
import { hatching, type Ink } from './ink';
import { ABSENT, CRITICAL, FREE, HELD, IDLE, LOOKS, WARNING } from './looks';

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Where the cells stand, in CSS pixels. */
export interface Places {
  /** The width and the height of a cell. */
  readonly w: number;
  readonly h: number;
  /** The left and the upper edge of each cell, one after the other. */
  readonly corners: Int32Array;
  /** Lines through the cells of cordoned nodes: left end, height and length of each. */
  readonly cordons: Int32Array;
}

/** Cells by their looks: `order` from `begins[look]` on. Kept from one painting to the next. */
const begins = new Uint32Array(LOOKS + 1);
let order = new Uint32Array(0);

/** Smaller cells have no room for an edge. */
const WIDTH_FOR_EDGES = 5;

/** Paints each cell with its look, `looks[n]` of the cell at `corners[2n]`, on a cleared canvas. */
export function paint(context: Context, places: Places, looks: Uint16Array, ink: Ink): void {
  sort(looks);
  // Cells of one look after the other: a canvas is slow where its colour changes, not where it fills;
  // and rectangles by themselves are filled faster than paths are, stroked ones above all.
  const hasEdges = places.w > WIDTH_FOR_EDGES;
  for (let shade = 0; shade < HEAT.length; shade += 1) {
    const edge = hasEdges ? edgeOf(shade, ink) : undefined;
    if (edge !== undefined) fillAll(context, places, shade, edge);
    fillAll(context, places, shade, HEAT[shade] ?? ink.unknown, edge === undefined ? 0 : 1);
  }
  fillAll(context, places, HELD, ink.held);
  fillAll(context, places, IDLE, ink.notice);
  if (countOf(ABSENT) > 0) fillAll(context, places, ABSENT, hatching(context, ink));
  fillAll(context, places, FREE, ink.edge);
  each(FREE, places, (x, y) => {
    context.clearRect(x + 1, y + 1, places.w - 2, places.h - 2);
  });
  for (const look of [WARNING, CRITICAL]) {
    each(look, places, (x, y) => {
      fault(context, ink, look === CRITICAL, { ...places, x, y });
    });
  }
  cordon(context, places.cordons, ink);
}

/** The end of the scale that fades into the ground has an edge. */
function edgeOf(shade: number, ink: Ink): string | undefined {
  if (ink.isDark) return shade < shadeOf(180) ? '#466296' : undefined;
  return shade > shadeOf(820) ? '#8A7A20' : undefined;
}

/** Puts the cells in the order of their looks, by counting them. */
function sort(looks: Uint16Array): void {
  if (order.length < looks.length) order = new Uint32Array(looks.length);
  begins.fill(0);
  for (const look of looks) begins[look + 1] = (begins[look + 1] ?? 0) + 1;
  for (let look = 1; look <= LOOKS; look += 1)
    begins[look] = (begins[look] ?? 0) + (begins[look - 1] ?? 0);
  // From the last on, so that `begins` ends where each look begins.
  for (let at = looks.length - 1; at >= 0; at -= 1) {
    const look = looks[at] ?? ABSENT;
    const place = (begins[look + 1] ?? 0) - 1;
    begins[look + 1] = place;
    order[place] = at;
  }
  for (let look = 0; look < LOOKS; look += 1) begins[look] = begins[look + 1] ?? 0;
  begins[LOOKS] = looks.length;
}

function countOf(look: number): number {
  return (begins[look + 1] ?? 0) - (begins[look] ?? 0);
}

function each(look: number, { corners }: Places, visit: (x: number, y: number) => void): void {
  for (let at = begins[look] ?? 0; at < (begins[look + 1] ?? 0); at += 1) {
    const cell = 2 * (order[at] ?? 0);
    visit(corners[cell] ?? 0, corners[cell + 1] ?? 0);
  }
}

/** Fills the cells that look so, but for a frame of `inset` pixels. */
function fillAll(
  context: Context,
  places: Places,
  look: number,
  colour: string | CanvasPattern,
  inset = 0,
): void {
  if (countOf(look) === 0) return;
  const [w, h] = [places.w - 2 * inset, places.h - 2 * inset];
  context.fillStyle = colour;
  each(look, places, (x, y) => {
    context.fillRect(x + inset, y + inset, w, h);
  });
}

function fault(
  context: Context,
  ink: Ink,
  isCritical: boolean,
  { x, y, w, h }: { x: number; y: number; w: number; h: number },
): void {
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

/** Strikes cordoned nodes through. */
function cordon(context: Context, cordons: Int32Array, ink: Ink): void {
  for (let at = 0; at < cordons.length; at += 3) {
    const [x, y, width] = [cordons[at] ?? 0, cordons[at + 1] ?? 0, cordons[at + 2] ?? 0];
    context.strokeStyle = ink.ground;
    context.lineWidth = 4;
    stroke(context, x, y, width, []);
    context.strokeStyle = ink.name;
    context.lineWidth = 2;
    stroke(context, x, y, width, [5, 4]);
  }
}

function stroke(context: Context, x: number, y: number, width: number, dashes: number[]): void {
  context.setLineDash(dashes);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + width, y);
  context.stroke();
  context.setLineDash([]);
}
