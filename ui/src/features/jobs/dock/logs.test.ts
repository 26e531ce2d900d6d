import { describe, expect, it } from 'vitest';
import type { LogSourceRow } from '$bindings/contract';
import { fileOf, lookOf, nameOf, partsOf } from './logs';

const source = (pod: string, container: string, rank = ''): LogSourceRow => ({
  pod,
  container,
  rank,
  state: { state: 'following' },
  severity: 'ok',
  lines: 0,
  restarts: 0,
});

describe('what was searched', () => {
  it('is marked in each piece, whatever the case', () => {
    const parts = partsOf([{ text: 'Loss and loss' }, { text: 'LOSS' }], 'loss');
    expect(parts.map(({ text, isFound }) => [text, isFound])).toEqual([
      ['Loss', true],
      [' and ', false],
      ['loss', true],
      ['LOSS', true],
    ]);
  });

  it('leaves lines whole where nothing is searched', () => {
    expect(partsOf([{ text: 'a' }], '').map(({ text }) => text)).toEqual(['a']);
  });

  it('marks nothing where small letters are longer', () => {
    expect(partsOf([{ text: 'İx' }], 'x').map(({ isFound }) => isFound)).toEqual([false]);
  });
});

describe('a source', () => {
  it('is called by its rank, else by its pod', () => {
    const ranked = source('train-abc', 'main', 'worker 0');
    expect(nameOf(ranked, [ranked])).toBe('worker 0');
    expect(nameOf(source('web-1', 'main'), [source('web-1', 'main')])).toBe('web-1');
  });

  it('names its container where its pod has several', () => {
    const both = [source('p', 'main'), source('p', 'sidecar')];
    expect(both.map((one) => nameOf(one, both))).toEqual(['p main', 'p sidecar']);
  });
});

it('a colour without a meaning here is the usual one', () => {
  const style = { bold: true, dim: false, underline: false };
  expect(lookOf({ text: '', style: { ...style, colour: 'magenta' } })).toEqual({ weight: 700 });
  expect(lookOf({ text: '', style: { ...style, colour: 'red' } }).colour).toContain('--critical');
});

it('a file is named so that every system takes it', () => {
  expect(fileOf('llm/train 1', new Date('2026-03-01T12:00:00Z'))).toBe(
    'llm_train_1-2026-03-01T12-00-00.log',
  );
});
