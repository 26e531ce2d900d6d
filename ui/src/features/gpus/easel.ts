/** What holds the canvas of the cells, on the page's thread or on one of its own. */

import type { Ink } from './ink';
import { paint, type Context, type Places } from './paint';

/** What changes with the fleet, the window or the theme, and not with the values. */
export interface Ground {
  readonly places: Places;
  readonly ink: Ink;
  /** The canvas in CSS pixels, the padding around the cells in it, and its pixels to each of them. */
  readonly width: number;
  readonly height: number;
  readonly padding: number;
  readonly scale: number;
}

/** What is to be painted: on another ground, if it has one, and each cell so. */
export interface Picture {
  readonly ground?: Ground;
  readonly looks: Uint16Array<ArrayBuffer>;
}

/** Paints one picture after the other; the first must have a ground. */
export function easelOf(context: Context | null): (picture: Picture) => void {
  let ground: Ground | undefined;
  return (picture) => {
    if (picture.ground !== undefined) ground = picture.ground;
    if (context === null || ground === undefined) return;
    const { places, ink, width, height, padding, scale } = ground;
    const size = { w: Math.round(width * scale), h: Math.round(height * scale) };
    const { canvas } = context;
    if (canvas.width !== size.w || canvas.height !== size.h) {
      canvas.width = size.w;
      canvas.height = size.h;
    }
    context.setTransform(scale, 0, 0, scale, padding * scale, padding * scale);
    context.clearRect(-padding, -padding, width, height);
    paint(context, places, picture.looks, ink);
  };
}
