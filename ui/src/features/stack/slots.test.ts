import { describe, expect, it } from 'vitest';
import type { NodeUse, Severity } from '$bindings/contract';
import { NOTHING_LIT, slots, type Lit } from './slots';

const tile = (subject: string, severity: Severity = 'ok') => ({ subject, severity });
const healthy = (count: number) => Array.from({ length: count }, (_, at) => tile(`t${at}`));
const lit = (change: Partial<Lit>): Lit => ({ ...NOTHING_LIT, ...change });
const use = (node: string): NodeUse => ({
  node,
  severity: 'ok',
  rack: '',
  model: '',
  gpus_used: 4,
  gpus: 8,
  pods: 1,
});
const GRID = { columns: 4, rows: 2 };

/** What stands in each slot, as text. */
const drawn = (...args: Parameters<typeof slots<ReturnType<typeof tile>>>) =>
  Object.fromEntries(
    slots(...args).map((slot) => {
      switch (slot.kind) {
        case 'tile':
          return [slot.at, slot.tile.subject];
        case 'node':
          return [slot.at, slot.use.node];
        case 'nodes':
          return [slot.at, `${slot.count} nodes, ${slot.gpus} gpus`];
        case 'more':
          return [slot.at, `+${slot.count}, ${slot.faults} faults`];
      }
    }),
  );

describe('the slots of a band', () => {
  it('hold all tiles in the catalogue’s order where they fit', () => {
    expect(Object.values(drawn(healthy(8), GRID))).toEqual(
      healthy(8).map(({ subject }) => subject),
    );
  });

  it('say in the last slot how many are folded', () => {
    expect(drawn(healthy(12), GRID)).toMatchObject({ 6: 't6', 7: '+5, 0 faults' });
  });

  it('never fold a faulty tile away, and keep the order', () => {
    const tiles = [...healthy(10), tile('bad', 'critical'), tile('odd', 'unknown')];
    expect(drawn(tiles, GRID)).toEqual({
      0: 't0',
      1: 't1',
      2: 't2',
      3: 't3',
      4: 't4',
      5: 'bad',
      6: 'odd',
      7: '+5, 0 faults',
    });
  });

  it('keep the worst where there are more faults than slots, and say that some are folded', () => {
    const tiles = [
      ...Array.from({ length: 9 }, (_, at) => tile(`n${at}`, 'notice')),
      tile('worst', 'critical'),
    ];
    const found = drawn(tiles, GRID);
    expect(Object.values(found)).toContain('worst');
    expect(found[7]).toBe('+3, 3 faults');
  });

  it('draw a lit tile that was folded, without moving any other', () => {
    const before = drawn(healthy(12), GRID);
    const after = drawn(healthy(12), GRID, lit({ subjects: new Set(['t11']) }));
    expect(after).toEqual({ ...before, 6: 't11' });
  });

  it('draw the nodes of the path in its column, over healthy tiles alone', () => {
    const tiles = [tile('a'), tile('b', 'warning'), tile('c'), tile('d'), tile('e')];
    const found = drawn(tiles, GRID, lit({ nodes: [use('n1'), use('n2')], column: 1 }));
    expect(found).toEqual({ 0: 'a', 1: 'b', 2: 'n1', 3: 'n2', 4: 'e', 5: '+2, 0 faults' });
  });

  it('gather the nodes that have no slot of their own', () => {
    const found = drawn([], GRID, lit({ nodes: ['n1', 'n2', 'n3', 'n4'].map(use) }));
    expect(found).toEqual({ 0: 'n1', 1: '3 nodes, 12 gpus' });
  });

  it('count every tile once, whatever is lit', () => {
    const tiles = [...healthy(9), tile('bad', 'critical'), ...healthy(30).slice(9)];
    for (const nodes of [[], [use('n1')], ['n1', 'n2', 'n3'].map(use)]) {
      for (const subject of ['t0', 't20', 'bad']) {
        const found = slots(tiles, GRID, lit({ nodes, subjects: new Set([subject]), column: 2 }));
        const shown = found.filter((slot) => slot.kind === 'tile').length;
        const folded = found.flatMap((slot) => (slot.kind === 'more' ? [slot.count] : []));
        expect(shown + (folded[0] ?? 0)).toBe(tiles.length);
        expect(new Set(found.map(({ at }) => at)).size).toBe(found.length);
      }
    }
  });
});
