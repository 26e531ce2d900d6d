/** The words of the picture of who held GPUs. */

export const usagePicture = {
  title: 'Held and used, as a picture of',
  now: 'this moment',
  range: 'How far the picture goes back',
};
