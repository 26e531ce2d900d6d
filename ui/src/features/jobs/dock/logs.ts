/** What the view of logs computes: hues of ranks, marks of what was searched, names of files. */

import type { LogColour, LogPiece, LogSourceRow } from '$bindings/contract';

/** How many hues there are for ranks; further ranks take them again. */
const HUES = 8;

/** The hue of the source `number`, as a colour of the look. */
export function hueOf(number: number): string {
  return `var(--cluster-${number % HUES})`;
}

/** What a source is called: its rank, else the end of its pod's name; with its container where pods have several. */
export function nameOf(source: LogSourceRow, all: readonly LogSourceRow[]): string {
  const name = source.rank === '' ? source.pod : source.rank;
  const hasSeveral = all.some(
    (other) => other.pod === source.pod && other.container !== source.container,
  );
  return hasSeveral ? `${name} ${source.container}` : name;
}

/** A part of a line as it is drawn. */
export interface Part {
  readonly text: string;
  readonly isFound: boolean;
  readonly piece: LogPiece;
}

/** The pieces of a line, cut where `searched` (whatever the case of its letters) was found in them. */
export function partsOf(pieces: readonly LogPiece[], searched: string): Part[] {
  const wanted = searched.toLowerCase();
  if (wanted === '') return pieces.map((piece) => ({ text: piece.text, isFound: false, piece }));
  return pieces.flatMap((piece) => {
    const parts: Part[] = [];
    const text = piece.text;
    const lower = text.toLowerCase();
    // A letter whose small form is longer would shift the places: nothing is marked then.
    if (lower.length !== text.length) return [{ text, isFound: false, piece }];
    let from = 0;
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
      if (at > from) parts.push({ text: text.slice(from, at), isFound: false, piece });
      parts.push({ text: text.slice(at, at + wanted.length), isFound: true, piece });
      from = at + wanted.length;
    }
    if (from < text.length) parts.push({ text: text.slice(from), isFound: false, piece });
    return parts;
  });
}

/** The colours of terminals that mean something here; the others are the usual one. */
const COLOURS: Partial<Record<LogColour, string>> = {
  red: 'var(--critical)',
  yellow: 'var(--warning)',
  green: 'var(--ok)',
  blue: 'var(--notice)',
  cyan: 'var(--notice)',
};

/** How a piece is drawn; what is absent is as usual. */
export interface Look {
  readonly weight?: number;
  readonly colour?: string;
  readonly line?: 'underline';
}

/** How a piece is drawn. */
export function lookOf({ style }: LogPiece): Look {
  if (style === undefined) return {};
  const named = style.colour === undefined ? undefined : COLOURS[style.colour];
  const colour = named ?? (style.dim ? 'var(--t3)' : undefined);
  return {
    ...(style.bold ? { weight: 700 } : {}),
    ...(style.underline ? { line: 'underline' } : {}),
    ...(colour === undefined ? {} : { colour }),
  };
}

/** The name of a file that logs are saved in. */
export function fileOf(name: string, at: Date): string {
  const time = at.toISOString().slice(0, 19).replaceAll(':', '-');
  return `${name.replaceAll(/[^\w.-]+/g, '_')}-${time}.log`;
}
