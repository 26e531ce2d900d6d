import { describe, expect, it } from 'vitest';
import type { AcceleratorRow, ProcessRow } from '$bindings/contract';
import { accelerator, processes } from '$lib/host/fake/workstation';
import { parts, program } from './holders';

const GIB = 1024 ** 3;

describe('the program of a command line', () => {
  it('is what people call it, not what interprets it', () => {
    expect(program('python -m vllm.entrypoints.openai.api_server --model x')).toBe('vllm');
    expect(program('/usr/bin/python3.12 -u train.py --config lora.yaml')).toBe('train.py');
    expect(program('torchrun --nproc_per_node=2 /home/ada/finetune.py')).toBe('finetune.py');
    expect(program('/usr/lib/xorg/Xorg vt2')).toBe('Xorg');
    expect(program('ollama runner --port 4711')).toBe('ollama');
    expect(program('[kworker]')).toBe('[kworker]');
    expect(program('python')).toBe('python');
    expect(program('')).toBe('');
  });
});

describe('who holds the memory', () => {
  const row = accelerator('stack');
  const told = (of: AcceleratorRow, list: readonly ProcessRow[]) =>
    parts(of, list)?.map(({ kind, name, bytes }) => [name || kind, bytes / GIB]);

  it('is each process, the largest first, and what nobody told of by itself', () => {
    const all = parts(row, processes()) ?? [];
    expect(all.slice(0, 2).map(({ name }) => name)).toEqual(['vllm', 'train.py']);
    expect(all.map(({ kind }) => kind)).toEqual([
      'process',
      'process',
      'process',
      'untold',
      'reserved',
      'free',
    ]);
    expect(all.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('is nobody where no process was told of', () => {
    const foreign = processes().map((process) => ({
      ...process,
      memory: { ...process.memory, value: undefined as never },
    }));
    expect(told(row, foreign)?.[0]).toEqual(['untold', 38]);
  });

  it('of another device is not counted', () => {
    expect(told({ ...row, device: 'GPU-other' }, processes())?.[0]?.[0]).toBe('untold');
  });

  it('is not drawn where the size is not known', () => {
    const readings = row.readings.filter(({ figure }) => figure !== 'memory_total');
    expect(parts({ ...row, readings }, processes())).toBeNull();
  });
});
