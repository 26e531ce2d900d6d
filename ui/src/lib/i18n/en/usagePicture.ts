/** The words of the picture of who held GPUs. */

export const usagePicture = {
  title: 'Held and used over time, as a picture of',
  range: 'How far the picture goes back',
};
