/** 长列表表格的用语。 */

import type { WindowTableWords } from '../en/windowTable';

export const windowTable: WindowTableWords = {
  orderBy: (column) => `按${column}排序`,
  open: '打开该行',
  move: {
    next: '下一行',
    previous: '上一行',
    pageDown: '向下翻一页',
    pageUp: '向上翻一页',
    first: '第一行',
    last: '最后一行',
  },
};
