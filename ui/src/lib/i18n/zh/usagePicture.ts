/** 占用与使用图片的文字。 */

import type { usagePicture as english } from '../en/usagePicture';

export const usagePicture: typeof english = {
  title: '将占用与使用保存为图片，时间范围',
  now: '此刻',
  range: '图片回溯多久',
};
