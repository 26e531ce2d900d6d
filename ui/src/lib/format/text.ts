/** Text that came from a cluster: shown as text, with what would deceive the eye made visible. */

// Control characters and the marks that reorder or hide what follows them (UAX 9, "Trojan Source").
// eslint-disable-next-line no-control-regex -- they are what this is about
const DECEIVING = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** `text` with control and bidirectional characters written as `\u{202e}`. Line ends become spaces. */
export function plain(text: string): string {
  return text
    .replace(/\r?\n/g, ' ')
    .replace(DECEIVING, (mark) => `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`);
}

/**
 * The end of a name, which tells equals apart: `…2kq8d` for `chat-assist-7d9f8b6c5d-2kq8d`. It is of
 * whole parts, at most `most` characters, but always the last part.
 */
export function distinguishingEnd(name: string, most: number): string {
  if (name.length <= most) return name;
  const parts = name.split('-');
  let end = parts.pop() ?? name;
  for (const part of parts.reverse()) {
    if (part.length + 1 + end.length > most) break;
    end = `${part}-${end}`;
  }
  return end.length === name.length ? name : `…${end}`;
}

/** A name in two: what it may have in common with others, and its {@link distinguishingEnd}. */
export function endApart(name: string, most: number): [string, string] {
  const length = distinguishingEnd(name, most).replace(/^…/, '').length;
  return [name.slice(0, name.length - length), name.slice(name.length - length)];
}

/** The last `most` characters of a name that is longer, after an ellipsis. */
export function tail(name: string, most: number): string {
  return name.length <= most ? name : `…${name.slice(1 - most)}`;
}
