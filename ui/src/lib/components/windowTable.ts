/** The columns of a windowed table, their order, and where its keys lead. Pure: the table and its tests read it. */

/** How high a row is, and the head, in pixels. */
export const ROW = 32;

export interface TableColumn<Name extends string> {
  readonly name: Name;
  readonly label: string;
  /** Its track in the grid. */
  readonly track: string;
  /** Numbers stand at the right, and are ordered from the largest first. */
  readonly isNumber?: boolean;
  /** Lesser words: smaller, and quiet. */
  readonly isQuiet?: boolean;
  /** Whether the largest, or the worst, comes first when it is ordered by this; as for numbers where not said. */
  readonly isLargestFirst?: boolean;
  /** Rows cannot be ordered by it, where they can by others. */
  readonly isUnordered?: boolean;
  /** Whether its head is for who cannot see what its cells are. */
  readonly isHeadSpoken?: boolean;
  /** Whether what the table is given draws its head. */
  readonly isHeadDrawn?: boolean;
  /** It is left out of a table that is narrower than this, in pixels. */
  readonly from?: number;
}

export interface TableOrder<Name extends string> {
  readonly by: Name;
  readonly descending: boolean;
}

/** The columns that a table of this width shows. */
export function columnsWithin<Name extends string>(
  columns: readonly TableColumn<Name>[],
  width: number,
): TableColumn<Name>[] {
  return columns.filter(({ from = 0 }) => width >= from);
}

/** The order that a click on the head of `column` makes of `order`. */
export function orderBy<Name extends string>(
  order: TableOrder<Name> | undefined,
  column: TableColumn<Name>,
): TableOrder<Name> {
  const { name, isNumber = false, isLargestFirst = isNumber } = column;
  return {
    by: name,
    descending: order?.by === name ? !order.descending : isLargestFirst,
  };
}

/** What a key does to the row that the keys are at. */
export interface RowAct<Row> {
  readonly name: string;
  readonly label: string;
  readonly keys: readonly string[];
  readonly run: (row: Row) => void;
}

/** How the keys lead through the rows, and which keys. */
export const MOVES = {
  next: ['j', 'ArrowDown'],
  previous: ['k', 'ArrowUp'],
  pageDown: ['PageDown'],
  pageUp: ['PageUp'],
  first: ['Home'],
  last: ['End'],
} as const;
export type Move = keyof typeof MOVES;

/** The row that `move` leads to from `row`, -1 for none yet; `page` rows are seen at once, of `total`. */
export function rowAfter(row: number, move: Move, page: number, total: number): number {
  const last = total - 1;
  const to = {
    next: row + 1,
    previous: row - 1,
    pageDown: row + page,
    pageUp: row - page,
    first: 0,
    last,
  }[move];
  return Math.max(0, Math.min(last, to));
}

/** The row that `move` ends at where it led to `row`: beside it where a group has its head there. */
export function besideHead(row: number, move: Move, isHead: (row: number) => boolean): number {
  if (!isHead(row)) return row;
  const isUp = move === 'previous' || move === 'pageUp';
  return isUp && row > 0 ? row - 1 : row + 1;
}

/** How far a list has to be scrolled so that `row` is whole in sight. */
export function scrolledTo(
  row: number,
  scrolled: number,
  height: number,
  rowHeight: number,
): number {
  const top = row * rowHeight;
  if (top < scrolled) return top;
  return Math.max(scrolled, top + rowHeight - height);
}
