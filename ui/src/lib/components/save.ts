/** Gives the user a file that the engine made. */

import type { Picture } from '$bindings/contract';
import { saveBytes } from './saving';

export function save(picture: Picture): void {
  saveBytes(
    picture.name,
    Uint8Array.from(atob(picture.base64), (letter) => letter.charCodeAt(0)),
    picture.media_type,
  );
}
