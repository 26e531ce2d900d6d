/** Paints the cells of the map on a thread of its own, so that the page's is free while they are filled. */

import { easelOf, type Picture } from './easel';

let paint: (picture: Picture) => void = () => undefined;

self.onmessage = ({ data }: MessageEvent<OffscreenCanvas | Picture>) => {
  if (data instanceof OffscreenCanvas) paint = easelOf(data.getContext('2d'));
  else paint(data);
};
