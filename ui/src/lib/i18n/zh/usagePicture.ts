/** 占用与使用图片的文字。 */

import type { usagePicture as english } from '../en/usagePicture';

export const usagePicture: typeof english = {
  title: '将占用与使用的历史保存为图片，时间范围',
  range: '图片回溯多久',
};
