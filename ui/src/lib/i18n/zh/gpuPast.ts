/** GPU 地图下方时间轴的用语。 */

import type { GpuPastWords } from '../en/gpuPast';

export const gpuPast: GpuPastWords = {
  range: '回看多久',
  track: '显示的时刻',
  line: (figure: string) => `${figure}，所有被占用 GPU 的平均值；斜线处没有记录`,
  step: (span: string) => `${span}平均值`,
  measured: (span: string) => `每 ${span}测量一次`,
  ago: (span: string) => `${span}前`,
  reading: '读取中',
  toNow: '回到现在',
  stateNotKept: '未记录各 GPU 当时的状态',
};
