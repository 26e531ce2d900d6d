/** Keys as text: `j`, `?`, `Escape`, `ArrowUp`, `Mod+k` (Ctrl, on a Mac also Cmd). */

/** What a key press is called; modifiers that only make a character (Shift of `?`) are not said. */
export function nameOfPress(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const mod = event.ctrlKey || event.metaKey ? 'Mod+' : '';
  const alt = event.altKey ? 'Alt+' : '';
  return `${mod}${alt}${key}`;
}

const CAPS: Record<string, string> = {
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** A key as it is printed on its cap. */
export function capOf(key: string): string {
  return key
    .split('+')
    .map((part) =>
      part === 'Mod' ? 'Ctrl' : (CAPS[part] ?? (part.length === 1 ? part.toUpperCase() : part)),
    )
    .join(' ');
}
