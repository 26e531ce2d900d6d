/** The NVLinks of the GPU of the design data, and its retired pages: in the scene `faulty` both wear out. */

import type { NvlinkRow, ReadingRow } from '$bindings/contract';
import { ago } from '../phrases';
import { reading } from './readings';

const LINKS = 6;

/** What a link counted; errors of data are not counted apart. */
function counted(replays: number, recoveries: number, crc: number): ReadingRow[] {
  return [
    reading('nvlink_replays', 'count', replays, 'nvml'),
    reading('nvlink_recoveries', 'count', recoveries, 'nvml'),
    reading('nvlink_crc_errors', 'count', crc, 'nvml'),
    {
      figure: 'nvlink_data_crc_errors',
      unit: 'count',
      absence: 'not_supported',
      source: 'nvml',
      at: ago(1),
    },
  ];
}

export function links(scene: string): NvlinkRow[] {
  if (scene !== 'faulty') return [];
  return Array.from({ length: LINKS }, (_, number) => ({
    number,
    is_active: number !== 5,
    version: 4,
    peer: '0000:65:00.0',
    readings: number === 5 ? [] : number === 2 ? counted(12, 3, 1_204) : counted(0, 0, 0),
  }));
}

export function retiredPages(scene: string): ReadingRow[] {
  if (scene !== 'faulty') return [];
  return [
    reading('pages_retired_corrected', 'count', 2, 'nvml'),
    reading('pages_retired_uncorrected', 'count', 1, 'nvml'),
    reading('page_retirement_pending', 'code', 1, 'nvml'),
  ];
}
