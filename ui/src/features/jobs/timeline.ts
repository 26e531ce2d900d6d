/** Time on a line: which moment stands where, where the hours are marked, what a job's bar is. */

import type { JobPast, JobRow } from '$bindings/contract';

export const SPANS = { h1: 1, h6: 6, d1: 24, d7: 168, d30: 720 } as const;
type SpanName = keyof typeof SPANS;
export const SPAN_NAMES = Object.keys(SPANS) as SpanName[];

const HOUR = 3_600_000;
/** The part of the line that lies before now, while it ends with now. */
const PAST = 0.93;
/** The steps in which a line is marked, in milliseconds. */
const STEPS = [5 / 60, 1 / 6, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 96, 168, 336].map(
  (hours) => hours * HOUR,
);
/** A line has at most so many marks, and a mark at least so many pixels. */
const MOST_MARKS = 8;
const MARK_WIDTH = 56;

/** What is shown of time, in milliseconds. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The range of `span` that ends `back` milliseconds before the one around `now`. */
export function rangeOf(span: SpanName, now: number, back: number): Range {
  const length = SPANS[span] * HOUR;
  const to = now + length * (1 - PAST) - back;
  return { from: to - length, to };
}

/**
 * The time of which jobs are asked for that are gone: `range` in whole parts of itself, so that it is
 * not another time each second. What ends with now has no end.
 */
export function pastIn(range: Range, isNow: boolean): JobPast {
  const step = (range.to - range.from) / 12;
  const at = (moment: number) => new Date(moment).toISOString();
  return {
    from: at(Math.floor(range.from / step) * step),
    until: isNow ? '' : at(Math.ceil(range.to / step) * step),
  };
}

/** Where `moment` stands on the line, from 0 to 1; outside for what is not shown. */
export function place(moment: number, range: Range): number {
  return (moment - range.from) / (range.to - range.from);
}

/** The moments that are marked on a line of `width` pixels. They stand on whole steps of local time. */
export function marks(range: Range, width: number): number[] {
  const length = range.to - range.from;
  const most = Math.max(1, Math.min(MOST_MARKS, width / MARK_WIDTH));
  const step = STEPS.find((one) => length / one <= most) ?? STEPS.at(-1) ?? HOUR;
  const shift = new Date(range.from).getTimezoneOffset() * 60_000;
  const found: number[] = [];
  for (let at = Math.ceil((range.from - shift) / step) * step + shift; at <= range.to; at += step) {
    found.push(at);
  }
  return found;
}

/** A mark's words: the hour, or the day where the marks are days apart. */
export function markText(moment: number, range: Range): string {
  const at = new Date(moment);
  const two = (part: number) => part.toString().padStart(2, '0');
  const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const hour = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (range.to - range.from > 72 * HOUR) return day;
  return at.getHours() === 0 && at.getMinutes() === 0 ? day : hour;
}

/** A part of a bar, from 0 to 1 of the line. */
interface Piece {
  readonly left: number;
  readonly width: number;
}

/** A job's bar: the time in which it waited, and the time in which it ran. */
export interface Bar {
  readonly wait: Piece | null;
  readonly run: Piece | null;
}

function piece(from: number, to: number, range: Range): Piece | null {
  const left = Math.max(0, place(from, range));
  const right = Math.min(1, place(to, range));
  return right < 0 || left > 1 || right < left ? null : { left, width: right - left };
}

const moment = (text: string | undefined): number | null => {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at;
};

/** Whether nothing more comes of `job`. */
export function isOver(job: JobRow): boolean {
  return job.state === 'succeeded' || job.state === 'failed' || job.gone !== undefined;
}

/** The bar of `job` on `range`. */
export function barOf(job: JobRow, range: Range, now: number): Bar {
  const queued = moment(job.queued_at);
  const started = moment(job.started_at);
  const finished = moment(job.finished_at);
  const end = finished ?? now;
  // What is over and does not say when is not drawn as if it went on.
  const until = isOver(job) && finished === null ? null : end;
  const waited = started ?? until;
  return {
    wait: queued === null || waited === null ? null : piece(queued, waited, range),
    run: started === null || until === null ? null : piece(started, until, range),
  };
}

/** How long a job waited and ran so far, in seconds; `null` for what is not known. */
export interface Spans {
  readonly waited: number | null;
  readonly ran: number | null;
}

/** How long `job` waited and ran so far. */
export function spansOf(job: JobRow, now: number): Spans {
  const queued = moment(job.queued_at);
  const started = moment(job.started_at);
  const finished = moment(job.finished_at);
  const end = finished ?? (isOver(job) ? null : now);
  const waitEnd = started ?? end;
  return {
    waited: queued === null || waitEnd === null ? null : Math.max(0, waitEnd - queued) / 1000,
    ran: started === null || end === null ? null : Math.max(0, end - started) / 1000,
  };
}
