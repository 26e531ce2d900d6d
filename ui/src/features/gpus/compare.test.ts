import { describe, expect, it } from 'vitest';
import type { GpuRow } from '$bindings/contract';
import { comparisonsOf, nameOf, peersOf, topicOf } from './compare';

function gpu(node: string, index: number, activity?: number, workload = ''): GpuRow {
  const holder = {
    namespace: 'research',
    pod: `${workload}-0`,
    container: '',
    instance: '',
    workload_group: 'batch',
    workload_kind: 'Job',
    workload,
    queue: '',
    owner: '',
  };
  return {
    node,
    index,
    uuid: `GPU-${node}-${index}`,
    model: 'H100',
    zone: '',
    rack: '',
    state: 'allocated',
    severity: 'ok',
    holders: workload === '' ? [] : [holder],
    is_by_count: false,
    shared: false,
    is_stale: false,
    ...(activity === undefined ? {} : { activity }),
  };
}

describe('what a GPU is compared with', () => {
  it('is its job only where it has one', () => {
    expect(comparisonsOf(gpu('a', 0))).toEqual(['none', 'earlier', 'node', 'model']);
    expect(comparisonsOf(gpu('a', 0, 0.9, 'train'))).toContain('job');
    expect(topicOf('c', gpu('a', 0), 'job')).toBeNull();
  });

  it('is never itself, nor what the words of the list let in besides', () => {
    const own = gpu('a', 0, 0.9, 'train');
    const rows = [own, gpu('b', 0, 0.1, 'train-other'), gpu('b', 1, 0.2, 'train')];
    expect(peersOf(own, rows, 'job')).toEqual({
      shown: [{ node: 'b', index: 1, uuid: 'GPU-b-1' }],
      of: 1,
    });
  });

  it('is the least busy of many, those that nobody measured last', () => {
    const own = gpu('a', 0, 0.9);
    const rows = [
      gpu('b', 9),
      ...Array.from({ length: 9 }, (_, index) => gpu('b', index, index / 10)),
    ];
    const { shown, of } = peersOf(own, rows, 'model');
    expect(of).toBe(10);
    expect(shown.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('goes by its number alone among those of one node', () => {
    const own = gpu('a', 0);
    const short = (index: number) => `GPU ${index}`;
    expect(nameOf(own, [own, gpu('a', 1)], short)).toBe('GPU 0');
    expect(nameOf(own, [own, gpu('b', 1)], short)).toBe('a · 0');
  });
});
