/** Handing a text to the person as a file. */

/** Offers `text` as the file `name`. */
export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by the time that the next task runs.
  setTimeout(() => URL.revokeObjectURL(address));
}
