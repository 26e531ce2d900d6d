/** Values of parameters between what is typed and what the engine takes: pure. */

/** A value as it travels. */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };

/** A key of a Secret. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** A line of an environment as it is edited. */
export interface VariableLine {
  readonly name: string;
  readonly isSecret: boolean;
  readonly value: string;
  readonly secret: SecretKey;
}

/** Values and the namespace are equal where they travel as the same text. */
export function isSame(one: Value | undefined, other: Value | undefined): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** What is typed for a whole number; text that is none stays text, and the engine says so. */
export function integerOf(text: string): Value {
  const typed = text.trim();
  if (typed === '') return null;
  return /^[+-]?\d{1,15}$/.test(typed) ? Number(typed) : typed;
}

/** What is typed for a number. */
export function numberOf(text: string): Value {
  const typed = text.trim();
  if (typed === '') return null;
  const number = Number(typed);
  return Number.isFinite(number) ? number : typed;
}

/** A value as it stands in a field of one line. */
export function textOf(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** One entry on each line; empty lines are left out. */
export function listOf(text: string): Value {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? null : lines;
}

export function linesOfList(value: Value | undefined): string {
  return Array.isArray(value) ? value.map(textOf).join('\n') : textOf(value);
}

/** `key=value` on each line. */
export function labelsOf(text: string): Value {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return null;
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

export function linesOfLabels(value: Value | undefined): string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return textOf(value);
  return Object.entries(value)
    .map(([key, label]) => `${key}=${textOf(label)}`)
    .join('\n');
}

export function secretOf({ name, key }: SecretKey): Value {
  return name === '' && key === '' ? null : { name, key };
}

export function secretIn(value: Value | undefined): SecretKey {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return { name: '', key: '' };
  }
  return { name: textOf(value['name']), key: textOf(value['key']) };
}

/** Lines without a name and a value are only room to type in. */
export function environmentOf(lines: readonly VariableLine[]): Value {
  const said = lines
    .filter(({ name, value, secret }) => name !== '' || value !== '' || secret.name !== '')
    .map((line): Value => {
      return line.isSecret
        ? { name: line.name, secret: { name: line.secret.name, key: line.secret.key } }
        : { name: line.name, value: line.value };
    });
  return said.length === 0 ? null : said;
}

export function environmentIn(value: Value | undefined): VariableLine[] {
  if (!Array.isArray(value)) return [];
  return value.map((line) => {
    const fields = line !== null && typeof line === 'object' && !Array.isArray(line) ? line : {};
    return {
      name: textOf(fields['name']),
      isSecret: fields['secret'] !== undefined,
      value: textOf(fields['value']),
      secret: secretIn(fields['secret']),
    };
  });
}
