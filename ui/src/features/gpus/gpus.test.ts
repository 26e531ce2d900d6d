import { describe, expect, it } from 'vitest';
import type { GpuBlockRow, UsageHistory } from '$bindings/contract';
import { arrange, arranger, beside, cellAt, cellsWithin, filterOf, shortNames } from './arrange';
import { en as english } from '$lib/i18n/en';
import { costOf, gapOf, isMeasured, isNamed, money, nameOfPart, tenths } from './capacity';
import { meanOn } from './heads';
import { HEAT, shadeOf } from './heat';
import { gpuOf, nodeOrderOf, optionsOf, orderText } from './options';
import { partsOf } from './track';

const share = (model: string, held: number, used: number, not_measured = 0) => ({
  model,
  held,
  used,
  not_measured,
});

describe('the gap', () => {
  it('leaves out what is not measured', () => {
    expect(gapOf(share('H100', 8, 3, 2))).toBe(3);
    expect(gapOf(share('H100', 2, 0, 2))).toBe(0);
  });

  it('is not known where nothing that is held is measured', () => {
    expect(isMeasured({ held: 8, not_measured: 8 })).toBe(false);
    expect(isMeasured({ held: 8, not_measured: 7 })).toBe(true);
    expect(isMeasured({ held: 0, not_measured: 0 })).toBe(true);
  });

  it('is called what it is', () => {
    const words = english.gpus;
    expect(nameOfPart({ by: 'queue', name: '' }, words)).toBe('in no queue');
    expect(nameOfPart({ by: 'namespace', name: '*' }, words)).toBe('several at once');
    expect(nameOfPart({ by: 'owner', name: 'search' }, words)).toBe('search');
    expect(isNamed({ name: '*' })).toBe(false);
  });

  it('has a cost where every model of it has a price', () => {
    const prices = [{ model: 'H100', per_hour: 2.5 }];
    expect(costOf([share('H100', 8, 4)], prices)).toBe(10);
    expect(costOf([share('H100', 8, 4), share('A100', 1, 0)], prices)).toBeNull();
    expect(costOf([share('A100', 1, 1)], prices)).toBe(0);
    expect(money(804.4, '$')).toBe('$804');
    expect(money(12.5, '$')).toBe('$12.50');
  });

  it('has its tenth where it is whole and where it is large', () => {
    expect([3, 0.04, 1048.12].map(tenths)).toEqual(['3.0', '0.0', '1,048.1']);
  });
});

describe('the map of one GPU', () => {
  it('has room for the name over it', () => {
    const one = { ...block('', 'desk', 1), lines: [line('desk-1', 1)] };
    const { blocks, cells } = arrange([one], 1000, 600);
    expect(blocks[0]?.width).toBeGreaterThan(100);
    expect(cells).toHaveLength(1);
  });
});

describe('the mean of a block', () => {
  const scale = { colour: 'temperature', unit: 'celsius', least: 20, most: 100 } as const;

  it('is said in the unit of the scale', () => {
    expect(meanOn(scale, 'en')?.say(0.5)).toBe('60 °C');
    const power = { ...scale, colour: 'power', unit: 'watts', least: 0, most: 700 } as const;
    expect(meanOn(power, 'en')?.say(0.44)).toBe('308 W');
    const busy = { ...scale, colour: 'sm_active', unit: 'ratio', least: 0, most: 1 } as const;
    expect(meanOn(busy, 'en')?.say(0.834)).toBe('83 %');
  });

  it('is none of states', () => {
    expect(meanOn({ ...scale, colour: 'state' }, 'en')).toBeNull();
  });
});

const line = (node: string, count: number) => ({
  node,
  cordoned: false,
  indices: Array.from({ length: count }, (_, at) => at),
  values: Array.from({ length: count }, () => 500),
  states: 'a'.repeat(count),
  severities: '.'.repeat(count),
});

const block = (section: string, name: string, nodes: number): GpuBlockRow => ({
  section,
  name,
  models: ['H100'],
  lines: Array.from({ length: nodes }, (_, at) => line(`gpu-${name}-${at + 1}`, 8)),
});

describe('the map', () => {
  it('calls nodes by what tells them apart', () => {
    expect(shortNames(['gpu-h100-01', 'gpu-h100-12'])).toEqual(['01', '12']);
    expect(shortNames(['gpu-a-1', 'gpu-b-1'])).toEqual(['a-1', 'b-1']);
    expect(shortNames(['gpu-a100-07'])).toEqual(['07']);
  });

  it('places every cell once, without overlap, and finds it again', () => {
    const arranged = arrange(
      [block('a', 'r1', 4), block('a', 'r2', 4), block('b', 'r3', 2)],
      900,
      600,
    );
    expect(arranged.cells).toHaveLength(80);
    const places = new Set(arranged.cells.map(({ x, y }) => `${x} ${y}`));
    expect(places.size).toBe(80);
    for (const cell of arranged.cells) {
      const found = cellAt(arranged, cell.x + 1, cell.y + 1);
      expect(found).toMatchObject({ node: cell.node, index: cell.index });
    }
    expect(cellAt(arranged, -5, -5)).toBeUndefined();
  });

  it('is arranged anew where places change, and not where values do', () => {
    const arrangeAgain = arranger();
    const blocks = [block('a', 'r1', 4), block('b', 'r2', 2)];
    const first = arrangeAgain(blocks, 900, 600);
    const hotter = blocks.map((one) => ({
      ...one,
      mean: 0.9,
      lines: one.lines.map((row) => ({ ...row, values: row.values.map(() => 900) })),
    }));
    expect(arrangeAgain(hotter, 900, 600)).toBe(first);
    expect(arrangeAgain(hotter, 800, 600)).not.toBe(first);
    const grown = arrangeAgain([block('a', 'r1', 5), block('b', 'r2', 2)], 900, 600);
    expect(grown.cells).toHaveLength(56);
    const [head, ...rest] = hotter;
    if (head === undefined) throw new Error('no block');
    const cordoned = { ...head, lines: head.lines.map((row) => ({ ...row, cordoned: true })) };
    expect(arrangeAgain([cordoned, ...rest], 900, 600).blocks[0]?.lines[0]?.cordoned).toBe(true);
  });

  it('holds 8,000 cells on one screen', () => {
    const racks = Array.from({ length: 125 }, (_, at) => block(`z${at % 4}`, `r${at}`, 8));
    const arranged = arrange(racks, 1800, 800);
    expect(arranged.cells).toHaveLength(8000);
    expect(arranged.height).toBeLessThanOrEqual(800);
  });

  it('is walked by arrows', () => {
    const arranged = arrange([block('', 'r1', 3)], 400, 400);
    const first = arranged.cells[0];
    if (first === undefined) throw new Error('no cell');
    expect(beside(arranged, first, 'right')).toMatchObject({ node: first.node, index: 1 });
    expect(beside(arranged, first, 'down')).toMatchObject({ node: 'gpu-r1-2', index: 0 });
    expect(beside(arranged, first, 'up')).toBeUndefined();
  });

  it('is selected by a rectangle, as a filter of nodes and numbers', () => {
    const arranged = arrange([block('', 'r1', 3)], 400, 400);
    const [first] = arranged.cells;
    const last = arranged.cells.find((cell) => cell.node === 'gpu-r1-2' && cell.index === 2);
    if (first === undefined || last === undefined) throw new Error('no cell');
    const from = { x: last.x + 1, y: last.y + 1 };
    const within = cellsWithin(arranged, from, { x: first.x - 5, y: first.y - 5 });
    expect(within).toHaveLength(6);
    expect(filterOf(within)).toBe('on=gpu-r1-1:0-2,gpu-r1-2:0-2');
    expect(filterOf([last])).toBe('on=gpu-r1-2:2');
  });

  it('has one colour for each end of the scale', () => {
    expect(shadeOf(0)).toBe(0);
    expect(shadeOf(1000)).toBe(HEAT.length - 1);
    expect(shadeOf(2000)).toBe(HEAT.length - 1);
  });
});

describe('the track of the scrubber', () => {
  const steps = { begins: '2026-03-01T00:00:00Z', seconds: 300, count: 4 };
  const told = (used: (number | null)[]): UsageHistory => ({
    steps,
    parts: [
      {
        name: '',
        total: [],
        held: [],
        idle_held: [],
        unhealthy: [],
        figure: 'sm_active',
        measured: used.map((value) => (value === null ? null : 8)),
        used,
        hours: { total: 0, held: 0, idle_held: 0, unhealthy: 0, measured: 0, used: 0 },
        by_model: [],
      },
    ],
    known_seconds: 0,
    incidents: [],
    keeping: { file: '', bytes: '0', set_aside: '', lost: '0' },
  });

  it('has a gap where nothing is kept, and not for the step that goes on', () => {
    const { runs, gaps } = partsOf(told([4, null, 8, null]), 1_200);
    expect(runs.map(({ from, until }) => [from, until])).toEqual([
      [0, 0.25],
      [0.5, 0.75],
    ]);
    expect(gaps).toEqual([{ from: 0.25, until: 0.5 }]);
    expect(runs[0]?.line).toContain(' 51');
  });

  it('is one gap where nothing at all is kept', () => {
    expect(partsOf({ ...told([]), parts: [] }, 1_200).gaps).toEqual([{ from: 0, until: 1 }]);
  });
});

describe('the address of the view', () => {
  it('means the defaults where it says nothing or nonsense', () => {
    expect(optionsOf({})).toMatchObject({
      show: 'map',
      heat: 'sm_active',
      by: 'rack',
      order: { by: 'state', descending: true },
    });
    expect(optionsOf({ by: 'moon', ago: 'x' })).toMatchObject({ by: 'rack', secondsAgo: 0 });
    expect(optionsOf({ ago: '999999' })).toMatchObject({ back: '1h', secondsAgo: 3_570 });
    expect(optionsOf({ back: '7d', ago: '999999' }).secondsAgo).toBe(7 * 86_400 - 1_800);
    expect(optionsOf({ sort: 'power' }).order).toEqual({ by: 'power', descending: false });
    expect(nodeOrderOf({ nodes: '-free' })).toEqual({ by: 'free', descending: true });
    expect(orderText(nodeOrderOf({}))).toBe('-stranded');
  });

  it('names a GPU by its node and number', () => {
    expect(gpuOf('gpu-1/3')).toEqual({ node: 'gpu-1', index: 3 });
    expect(gpuOf('')).toBeNull();
    expect(gpuOf('gpu-1/x')).toBeNull();
  });
});
