/** Numbers as people read them; the same in both languages, as the engine's `phrases.rs` says them. */

/** `1024` as `1,024`; fractions keep at most one digit. */
export function grouped(number: number): string {
  const plain = Math.abs(number % 1) < 0.05 ? number.toFixed(0) : number.toFixed(1);
  const [whole = plain, fraction] = plain.split('.');
  const said = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? said : `${said}.${fraction}`;
}

/** Bytes with a binary unit: `80 GiB`. */
export function memory(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
  let value = bytes;
  let at = 0;
  while (Math.abs(value) >= 1024 && at < units.length - 1) {
    value /= 1024;
    at += 1;
  }
  const digits = Math.abs(value) < 10 && at > 0 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[at] ?? 'B'}`;
}

/** Bytes in each second with a decimal unit, as networks are measured: `186 kB/s`. */
export function rate(bytesPerSecond: number): string {
  const units = ['B/s', 'kB/s', 'MB/s', 'GB/s'] as const;
  let value = Math.max(0, bytesPerSecond);
  let at = 0;
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  const digits = value < 9.95 && at > 0 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[at] ?? 'B/s'}`;
}
