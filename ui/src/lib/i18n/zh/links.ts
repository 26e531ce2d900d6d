import type { LinkWords } from '../en/links';

export const links: LinkWords = {
  link: '链路',
  peer: '对端',
  counter: {
    nvlink_replays: '重传',
    nvlink_recoveries: '恢复',
    nvlink_crc_errors: 'CRC',
    nvlink_data_crc_errors: '数据 CRC',
  },
};
