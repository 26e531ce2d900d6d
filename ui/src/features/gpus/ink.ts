/** The colours and hatchings that the map is painted with. */

import type { Context } from './paint';

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

let hatched: { readonly colour: string; readonly pattern: CanvasPattern } | undefined;

/** The hatching of what is not known, painted once and repeated. */
export function hatching(context: Context, ink: Ink): CanvasPattern | string {
  if (hatched?.colour === ink.unknown) return hatched.pattern;
  const on = tile(6);
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
  const pattern = context.createPattern(on.canvas, 'repeat');
  if (pattern === null) return ink.unknown;
  hatched = { colour: ink.unknown, pattern };
  return pattern;
}

/** A canvas that no page shows; a thread without a page has no other. */
function tile(side: number): Context | null {
  if (typeof OffscreenCanvas !== 'undefined')
    return new OffscreenCanvas(side, side).getContext('2d');
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  return canvas.getContext('2d');
}
