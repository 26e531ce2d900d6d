/** Where a cursor stands in manifests: of which object, below which fields. Pure. */

export interface Place {
  readonly apiVersion: string;
  readonly kind: string;
  /** The fields that it stands below, from the object on; entries of lists have no name. */
  readonly path: readonly string[];
  /** Where the word at the cursor begins. */
  readonly from: number;
  /** The field whose value is being written; `null` where a field's name is. */
  readonly valueOf: string | null;
  /** The column of the field, for what is put in below it. */
  readonly column: number;
}

/** A line that begins a field: its column, name and what stands behind. */
interface FieldLine {
  readonly column: number;
  readonly name: string;
  readonly value: string;
}

function fieldIn(line: string): FieldLine | null {
  const found =
    /^(\s*(?:- +)*)(?:"([^"]*)"|'([^']*)'|([^\s#'"{}[\],&*!|>%@`-][^:#]*|-[^\s:#]+))\s*:(?:\s+(.*))?$/.exec(
      line,
    );
  if (found === null) return null;
  const [, before = '', double, single, bare, value = ''] = found;
  return { column: before.length, name: (double ?? single ?? bare ?? '').trim(), value };
}

/** Whether what stands below a field is text, whatever it looks like. */
const isText = (value: string) => /^[|>][+-]?\d*\s*(#.*)?$/.test(value);

/** Where offset `at` of `text` stands; `null` where no field can stand. */
export function placeAt(text: string, at: number): Place | null {
  const start = text.lastIndexOf('\n---', at - 1);
  const begin = start < 0 ? 0 : text.indexOf('\n', start + 1) + 1;
  if (begin > at) return null;
  const end = text.indexOf('\n---', at);
  const document = text.slice(begin, end < 0 ? text.length : end);
  const apiVersion = /^apiVersion:\s*["']?([\w./-]+)/m.exec(document)?.[1] ?? '';
  const kind = /^kind:\s*["']?(\w+)/m.exec(document)?.[1] ?? '';
  const lines = text.slice(begin, at).split('\n');
  const line = lines.pop() ?? '';
  if (/^\s*#/.test(line)) return null;
  const indent = /^\s*(?:- +)*/.exec(line)?.[0].length ?? 0;
  const rest = line.slice(indent);
  const value = /^(?:"([^"]*)"|'([^']*)'|([^\s:#"']+))\s*:\s+([\w./-]*)$/.exec(rest);
  if (value === null && /[:\s"'#{}[\]]/.test(rest)) return null;
  const path = fieldsAbove(lines, indent);
  if (path === null) return null;
  return {
    apiVersion,
    kind,
    path,
    from: at - (value === null ? rest.length : (value[4] ?? '').length),
    valueOf: value === null ? null : (value[1] ?? value[2] ?? value[3] ?? null),
    column: indent,
  };
}

/** The fields that a field at `column` stands below; `null` where it stands in a text. */
function fieldsAbove(lines: readonly string[], column: number): string[] | null {
  const path: string[] = [];
  let left = column;
  for (const line of [...lines].reverse()) {
    if (left === 0) break;
    const field = fieldIn(line);
    if (field === null || field.column >= left) continue;
    if (isText(field.value)) return null;
    path.unshift(field.name);
    left = field.column;
  }
  return path;
}

/** The field whose name stands at offset `at`, with the fields above it; `null` where none does. */
export function fieldAt(text: string, at: number): (Place & { name: string; to: number }) | null {
  const begin = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  const field = fieldIn(text.slice(begin, end < 0 ? text.length : end));
  if (field === null) return null;
  const from = begin + field.column;
  const to = from + field.name.length;
  if (at < from || at > to) return null;
  const place = placeAt(text, from);
  return place === null ? null : { ...place, from, to, name: field.name };
}
