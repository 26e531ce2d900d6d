import { describe, expect, it } from 'vitest';
import type { GpuRow } from '$bindings/contract';
import { csvOf } from './csv';

const GPU: GpuRow = {
  node: 'gpu-1',
  index: 3,
  uuid: 'GPU-a',
  model: 'H100, 80GB "SXM"',
  zone: '',
  rack: 'r1',
  state: 'allocated',
  severity: 'ok',
  holders: [],
  is_by_count: false,
  shared: false,
  activity: 0,
  is_stale: false,
};

/** The cells of the one line, by the heads. */
function told(gpu: GpuRow): Record<string, string> {
  const [heads = '', line = ''] = csvOf([gpu], () => 'why').split('\r\n');
  const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  return Object.fromEntries(
    heads.split(',').map((head, at) => [head, (cells[at] ?? '').replace(/,$/, '')]),
  );
}

describe('the table for a spreadsheet', () => {
  it('says what is not known, and what is 0', () => {
    expect(told(GPU)).toMatchObject({
      activity_ratio: '0',
      memory_used_bytes: 'unknown',
      power_watts: 'unknown',
    });
  });

  it('quotes what has commas and quotes', () => {
    expect(told(GPU)['model']).toBe('"H100, 80GB ""SXM"""');
  });

  it('gives a spreadsheet no formula that a cluster wrote', () => {
    expect(told({ ...GPU, model: '=HYPERLINK(1)' })['model']).toBe("'=HYPERLINK(1)");
  });
});
