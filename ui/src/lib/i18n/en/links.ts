/** The words about NVLinks and the errors that they count. */

export const links = {
  link: 'Link',
  peer: 'Leads to',
  counter: {
    nvlink_replays: 'Replays',
    nvlink_recoveries: 'Recoveries',
    nvlink_crc_errors: 'CRC',
    nvlink_data_crc_errors: 'CRC data',
  },
};

export type LinkWords = typeof links;
