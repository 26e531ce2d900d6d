/** Who paints the cells of the map: a thread of its own where the web view has canvases for that. */

import { easelOf, type Picture } from './easel';

export interface Painter {
  show: (picture: Picture) => void;
  dismiss: () => void;
}

/** The painter of `canvas`, which can have one only. */
export function painterOf(canvas: HTMLCanvasElement): Painter {
  if (typeof OffscreenCanvas === 'undefined')
    return { show: easelOf(canvas.getContext('2d')), dismiss: () => undefined };
  const worker = new Worker(new URL('./easel.worker.ts', import.meta.url), { type: 'module' });
  const drawn = canvas.transferControlToOffscreen();
  worker.postMessage(drawn, [drawn]);
  return {
    show: (picture) => {
      worker.postMessage(picture, [picture.looks.buffer]);
    },
    dismiss: () => {
      worker.terminate();
    },
  };
}
