/** Handing something to the person as a file. */

/** Offers `text` as the file `name`. */
export function saveText(name: string, text: string): void {
  offer(name, new Blob([text], { type: 'text/plain;charset=utf-8' }));
}

/** Offers `bytes` as the file `name`. */
export function saveBytes(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  type = 'application/octet-stream',
): void {
  offer(name, new Blob([bytes], { type }));
}

function offer(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
