/** The GPU nodes of the design data. */

import type { GpuNodeRow } from '$bindings/contract';
import { random } from './phrases';

const RACKS = [
  'a01',
  'a02',
  'a03',
  'a04',
  'a05',
  'a06',
  'a07',
  'a08',
  'b01',
  'b02',
  'b03',
  'b04',
  'b05',
  'c01',
  'c02',
  'c03',
];

function modelOf(rack: string): { model: string; short: string } {
  if (rack.startsWith('a')) return { model: 'H100 80GB', short: 'h100' };
  if (rack.startsWith('b')) return { model: 'A100 80GB', short: 'a100' };
  return rack === 'c03'
    ? { model: 'L40S 48GB', short: 'l40s' }
    : { model: 'H200 141GB', short: 'h200' };
}

/** 128 nodes in 16 racks. */
export function gpuNodes(): GpuNodeRow[] {
  const next = random(42);
  const numbers = new Map<string, number>();
  return RACKS.flatMap((rack) =>
    Array.from({ length: 8 }, (_, row): GpuNodeRow => {
      const { model, short } = modelOf(rack);
      const number = (numbers.get(short) ?? 0) + 1;
      numbers.set(short, number);
      const node = `gpu-${short}-${number.toString().padStart(2, '0')}`;
      const draw = next();
      const isFaulty = node === 'gpu-a100-07';
      const isUnknown = (rack === 'b03' && row === 5) || (rack === 'c03' && row === 4);
      const isWarned = (rack === 'a05' && row === 0) || (rack === 'c01' && row === 3);
      const isOnPath = node === 'gpu-h100-45' || node === 'gpu-h100-62';
      const allocated = draw < 0.1 ? 0 : draw < 0.22 ? 4 + Math.floor(next() * 3) : 8;
      return {
        node,
        rack,
        zone: `fra-${rack[0] ?? 'a'}`,
        model,
        total: 8,
        allocated: isOnPath ? 8 : isFaulty || isWarned ? 7 : allocated,
        unhealthy: isFaulty || isWarned ? 1 : 0,
        shared: false,
        unknown: isUnknown,
        severity: isFaulty ? 'critical' : isWarned ? 'warning' : isUnknown ? 'unknown' : 'ok',
      };
    }),
  );
}

/** A very large cluster: `count` nodes in racks of 18. */
export function manyNodes(count: number): GpuNodeRow[] {
  const next = random(9);
  return Array.from({ length: count }, (_, at) => ({
    node: `gpu-${at.toString().padStart(4, '0')}`,
    rack: `r${Math.floor(at / 18)
      .toString()
      .padStart(2, '0')}`,
    zone: '',
    model: 'H200 141GB',
    total: 8,
    allocated: Math.floor(next() * 9),
    unhealthy: next() < 0.004 ? 1 : 0,
    shared: false,
    unknown: next() < 0.003,
    severity: 'ok' as const,
  }));
}
