/** Gives the user a file that the engine made. */

import type { Picture } from '$bindings/contract';

export function save(picture: Picture): void {
  const bytes = Uint8Array.from(atob(picture.base64), (letter) => letter.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: picture.media_type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = picture.name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
