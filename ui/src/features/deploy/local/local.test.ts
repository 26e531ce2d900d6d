import { describe, expect, it } from 'vitest';
import type { AcceleratorRow, LocalContainer, LocalRun, ReadingRow } from '$bindings/contract';
import { fullest, isOnItsWay, linesOf, logLines, mayBegin, partsOf, severityOf } from './local';

function container(name: string, more: Partial<LocalContainer> = {}): LocalContainer {
  return { name, image: 'a:1', is_running: true, status: 'Up', ports: [], recipe: 'vllm', ...more };
}

const beginning = { name: 'qwen', status: '', done_bytes: 1, total_bytes: 4 } as const;

function device(index: number, used: number | undefined): AcceleratorRow {
  const reading = (figure: ReadingRow['figure'], value: number | undefined) => ({
    figure,
    unit: 'bytes',
    ...(value === undefined ? { absence: 'not_supported' } : { value }),
    source: 'nvml',
    at: '2026-03-01T12:00:00Z',
  });
  return {
    index,
    readings: [reading('memory_total', 48), reading('memory_used', used)],
  } as unknown as AcceleratorRow;
}

const run: LocalRun = {
  errors: [],
  name: 'qwen',
  image: 'a:1',
  ports: [8000],
  gpus: 1,
  notes: [],
  command: '',
  configuration: '',
  checks: [],
  is_begun: false,
};

describe('what runs on this machine', () => {
  it('is one line for a container and its beginning, what is on its way first', () => {
    const lines = linesOf([
      {
        runtime: 'docker',
        found: {
          containers: [container('alpha'), container('old', { is_running: false, exit_code: 1 })],
          beginnings: [
            { ...beginning, stage: 'pulling' },
            { ...beginning, name: 'alpha', stage: 'started' },
          ],
        },
      },
    ]);
    expect(lines.map(({ id }) => id)).toEqual(['docker/qwen', 'docker/alpha', 'docker/old']);
    expect(lines.map(severityOf)).toEqual(['notice', 'ok', 'critical']);
  });

  it('is neither a fault nor first in the list once it was called off', () => {
    const [first, second] = linesOf([
      {
        runtime: 'docker',
        found: {
          containers: [container('zeta')],
          beginnings: [{ ...beginning, stage: 'called_off' }],
        },
      },
    ]);
    expect([first?.name, second?.name]).toEqual(['zeta', 'qwen']);
    expect(second === undefined ? null : severityOf(second)).toBe('paused');
    expect(isOnItsWay({ stage: 'called_off' })).toBe(false);
    expect(isOnItsWay({ stage: 'pulling' })).toBe(true);
  });

  it('is addressed by its runtime and its name, which may hold slashes', () => {
    expect(partsOf('ollama/library/qwen3:8b')).toEqual({
      runtime: 'ollama',
      name: 'library/qwen3:8b',
    });
    expect(partsOf('containerd/qwen')).toBeNull();
  });

  it('that was told to stop did not fail', () => {
    const stopped = container('qwen', { is_running: false, exit_code: 137 });
    const line = { id: '', runtime: 'docker', name: 'qwen', container: stopped, beginning: null };
    expect(severityOf({ ...line, runtime: 'docker' })).toBe('paused');
  });
});

describe('the memory of the GPUs', () => {
  it('is that of the fullest of those it would be given', () => {
    const devices = [device(1, 40), device(0, 10), device(2, 47)];
    expect(fullest(devices, 1)).toMatchObject({ index: 0, free: 38 });
    expect(fullest(devices, 2)).toMatchObject({ index: 1, free: 8 });
    expect(fullest(devices, 0)).toMatchObject({ index: 2, free: 1 });
  });

  it('is unknown and never 0 where one of them does not tell', () => {
    expect(fullest([device(0, 10), device(1, undefined)], 2)?.free).toBeNull();
    expect(fullest([], 1)).toBeNull();
  });
});

describe('a run', () => {
  it('is not begun while something stands in its way, and fit is only foretold', () => {
    const failed = (subject: 'fit' | 'port') => ({
      ...run,
      checks: [
        {
          subject,
          state: 'failed' as const,
          sentence: { code: 'word' as const, values: {} },
          details: [],
        },
      ],
    });
    expect(mayBegin(run)).toBe(true);
    expect(mayBegin(failed('port'))).toBe(false);
    expect(mayBegin(failed('fit'))).toBe(true);
    expect(mayBegin({ ...run, obstacle: { code: 'local_busy', values: {} } })).toBe(false);
  });
});

describe('a log', () => {
  it('loses what colours it and keeps what stood last in a line', () => {
    expect(logLines('\u001b[32mINFO\u001b[0m ready\n10 %\r100 %\r\n')).toEqual([
      'INFO ready',
      '100 %',
    ]);
  });
});
