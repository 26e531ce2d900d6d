/** The words of every table over a long list. */

import type { Move } from '$lib/components/windowTable';

export const windowTable = {
  orderBy: (column: string) => `Sort by ${column}`,
  open: 'Open the row',
  move: {
    next: 'Next row',
    previous: 'Previous row',
    pageDown: 'A page of rows down',
    pageUp: 'A page of rows up',
    first: 'First row',
    last: 'Last row',
  } satisfies Record<Move, string>,
};

export type WindowTableWords = typeof windowTable;
