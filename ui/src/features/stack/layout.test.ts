import { describe, expect, it } from 'vitest';
import type { GpuNodeRow, TileRow, TraceRow } from '$bindings/contract';
import { baseRect, gutterX, LAYERS, measure, slotRect, type Rect } from './measures';
import { cellsOf, layRacks } from './racks';
import { boundary, undulation } from './rock';
import { rounded, route, type LitTile } from './route';
import { section } from './section';
import { visibleWindow } from '$lib/format/window';

const WIDE = measure(1520, 960, 1920);
const COMPACT = measure(968, 680, 1280);

const node = (name: string, change: Partial<GpuNodeRow> = {}): GpuNodeRow => ({
  node: name,
  rack: 'a01',
  zone: '',
  model: 'H100',
  total: 8,
  allocated: 0,
  unhealthy: 0,
  shared: false,
  unknown: false,
  severity: 'ok',
  ...change,
});

const overlaps = (one: Rect, other: Rect) =>
  one.x < other.x + other.w &&
  other.x < one.x + one.w &&
  one.y < other.y + other.h &&
  other.y < one.y + one.h;

describe('the measures', () => {
  it('are those of the look at 1920 by 1080', () => {
    expect(WIDE).toMatchObject({ rock: 24, name: 148, headline: 184, columns: 6, rows: 3 });
    expect(WIDE).toMatchObject({
      tileWidth: 182,
      tileHeight: 52,
      tops: [0, 182, 364, 546, 728, 960],
    });
  });

  it('are those of the look at 1280 by 800', () => {
    expect(COMPACT).toMatchObject({ rock: 16, name: 112, headline: 132, columns: 4, rows: 2 });
    expect(COMPACT).toMatchObject({ tileHeight: 46, tops: [0, 124, 248, 372, 496, 680] });
  });

  it('keep two rows in each band where the window is too low, and scroll', () => {
    const low = measure(800, 300, 960);
    expect(low.rows).toBe(2);
    expect(low.height).toBeGreaterThan(300);
  });

  it('keep tiles inside their band and apart from each other', () => {
    for (const measures of [WIDE, COMPACT, measure(700, 500, 900), measure(2500, 1400, 2560)]) {
      LAYERS.slice(0, 4).forEach((layer, index) => {
        const rects = Array.from({ length: measures.columns * measures.rows }, (_, at) =>
          slotRect(measures, layer, at),
        );
        const bottom = measures.tops[index + 1] ?? 0;
        expect(Math.max(...rects.map(({ y, h }) => y + h))).toBeLessThanOrEqual(bottom);
        rects.forEach((one, at) =>
          rects.slice(at + 1).forEach((other) => expect(overlaps(one, other)).toBe(false)),
        );
      });
    }
  });
});

describe('the base', () => {
  const fleet = (racks: number, nodes: number) =>
    Array.from({ length: racks * nodes }, (_, at) =>
      node(`n${at}`, { rack: `r${Math.floor(at / nodes)}` }),
    );

  it('draws 128 nodes with cells of 7 by 15', () => {
    const laid = layRacks(fleet(16, 8), baseRect(WIDE));
    expect(laid).toMatchObject({ byDevice: true, cell: { w: 7, h: 15 } });
    expect(laid.racks).toHaveLength(16);
  });

  it.each([
    ['few', 1, 1],
    ['the picture’s', 16, 8],
    ['a thousand', 60, 18],
    ['five thousand', 280, 18],
  ])('keeps %s nodes inside its box, each once, none over another', (_, racks, nodes) => {
    for (const measures of [WIDE, COMPACT]) {
      const box = baseRect(measures);
      const laid = layRacks(fleet(racks, nodes), box);
      const rects = laid.racks.flatMap((rack) => rack.nodes.map(({ rect }) => rect));
      expect(rects).toHaveLength(racks * nodes);
      expect(Math.max(...rects.map(({ x, w }) => x + w))).toBeLessThanOrEqual(box.x + box.w);
      expect(Math.max(...rects.map(({ y, h }) => y + h))).toBeLessThanOrEqual(box.y + box.h);
      expect(new Set(rects.map(({ x, y }) => `${x} ${y}`)).size).toBe(rects.length);
    }
  });

  it('groups by zone or model where no rack is known', () => {
    const laid = layRacks(
      [node('a', { rack: '', zone: 'z1' }), node('b', { rack: '', zone: '' })],
      baseRect(WIDE),
    );
    expect(laid.racks.map(({ label }) => label)).toEqual(['z1', 'H100']);
  });

  it('draws allocated cells first, then free, then unhealthy, and unknown ones as that', () => {
    expect(cellsOf(node('n', { total: 4, allocated: 2, unhealthy: 1 }))).toEqual([
      'allocated',
      'allocated',
      'free',
      'unhealthy',
    ]);
    expect(cellsOf(node('n', { total: 2, allocated: 2, unknown: true }))).toEqual([
      'unknown',
      'unknown',
    ]);
    // Shared devices can be held more often than there are devices.
    expect(cellsOf(node('n', { total: 2, allocated: 9, unhealthy: 1 }))).toEqual([
      'allocated',
      'unhealthy',
    ]);
  });
});

describe('the path', () => {
  const at = (layer: LitTile['layer'], slot: number, isNode = false): LitTile => ({
    layer,
    column: slot % WIDE.columns,
    rect: slotRect(WIDE, layer, slot),
    isNode,
  });
  const racksTop = baseRect(WIDE).y;
  const join = (layer: LitTile['layer']) => ({
    layer,
    phrase: { code: 'gpu_count' as const, values: {} },
  });

  it('is nothing where nothing is lit', () => {
    expect(route(WIDE, 0, [], [], [], racksTop)).toEqual({ lines: [], entries: [], labels: [] });
  });

  it('enters every tile at its left edge', () => {
    const tiles = [at('workloads', 2), at('lifecycle', 2), at('platform', 0), at('hardware', 5)];
    const found = route(WIDE, 2, tiles, [], [], racksTop);
    expect(found.entries).toEqual(
      tiles.map(({ rect }) => ({ x: rect.x, y: rect.y + Math.round(rect.h / 2) })),
    );
  });

  it('runs in gutters and along boundaries alone', () => {
    const tiles = [at('workloads', 8), at('platform', 4), at('infrastructure', 3, true)];
    const rack: Rect = { x: 900, y: racksTop + 40, w: 63, h: 15 };
    const { lines } = route(WIDE, 2, tiles, [rack], [join('workloads')], racksTop);
    const covered = LAYERS.slice(0, 4).flatMap((layer) =>
      Array.from({ length: WIDE.columns * WIDE.rows }, (_, slot) => slotRect(WIDE, layer, slot)),
    );
    const points = lines.flatMap((line) =>
      [...line.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map((found) => ({
        x: Number(found[1]),
        y: Number(found[2]),
      })),
    );
    expect(points.length).toBeGreaterThan(6);
    for (const { x, y } of points) {
      const inside = covered.some(
        (rect) => x > rect.x && x < rect.x + rect.w && y > rect.y && y < rect.y + rect.h,
      );
      expect(inside, `${x} ${y}`).toBe(false);
    }
  });

  it('carries its labels on the boundaries, and inside the view', () => {
    const left = route(
      WIDE,
      1,
      [at('workloads', 1), at('lifecycle', 1)],
      [],
      [join('workloads')],
      racksTop,
    );
    expect(left.labels).toMatchObject([{ y: WIDE.tops[1], growsLeft: false }]);
    const right = route(
      WIDE,
      5,
      [at('workloads', 5), at('lifecycle', 5)],
      [],
      [join('workloads')],
      racksTop,
    );
    expect(right.labels).toMatchObject([{ growsLeft: true }]);
  });

  it('reaches a node from the side that is nearer', () => {
    const tiles = [at('workloads', 2), at('hardware', 2)];
    const spine = gutterX(WIDE, 2);
    const before: Rect = { x: spine - 200, y: racksTop + 20, w: 63, h: 15 };
    const after: Rect = { x: spine + 200, y: racksTop + 20, w: 63, h: 15 };
    const found = route(WIDE, 2, tiles, [before, after], [], racksTop);
    expect(found.entries.slice(-2).map(({ x }) => x)).toEqual([
      before.x + before.w + 2,
      after.x - 2,
    ]);
  });

  it('has round corners that never overshoot a short way', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 0, y: 4 },
      { x: 40, y: 4 },
    ];
    expect(rounded(points)).toBe('M0 0L0 2Q0 4 2 4L40 4');
    expect(rounded([{ x: 1, y: 1 }])).toBe('');
  });
});

describe('the rock', () => {
  it('undulates by three pixels at most', () => {
    for (let x = 0; x < 3000; x += 7) {
      for (let seed = 0; seed < 5; seed += 1) {
        expect(Math.abs(undulation(x, seed))).toBeLessThanOrEqual(3);
      }
    }
    expect(boundary(100, 0, 50, 1)).toMatch(/^M0 .*L50 /);
  });
});

describe('the window over a long list', () => {
  it('covers what is seen with a margin, and moves in steps', () => {
    expect(visibleWindow(0, 240, 24)).toEqual({ first: 0, count: 40 });
    const far = visibleWindow(24 * 1000, 240, 24);
    expect(far.first).toBeLessThanOrEqual(980);
    expect(far.first + far.count).toBeGreaterThanOrEqual(1030);
    expect(visibleWindow(24 * 1001, 240, 24)).toEqual(far);
  });
});

describe('the section', () => {
  const tile = (layer: LitTile['layer'], subject: string): TileRow => ({
    layer,
    subject,
    name: subject,
    is_object: false,
    severity: 'ok',
    version: '',
    category: '',
    profile: 'none',
    home: '',
    namespaces: [],
  });
  const tiles = [
    ...Array.from({ length: 4 }, (_, at) => tile('workloads', `app${at}`)),
    ...Array.from({ length: 4 }, (_, at) => tile('platform', `queue${at}`)),
    tile('hardware', 'H100'),
  ];
  const use = {
    node: 'n1',
    severity: 'ok',
    rack: 'a01',
    model: '',
    gpus_used: 8,
    gpus: 8,
    pods: 1,
  } as const;
  const trace: TraceRow = {
    subject: 'app2',
    direction: 'depends_on',
    stops: [
      { layer: 'workloads', tiles: ['app2'], nodes: [] },
      { layer: 'platform', tiles: ['queue0'], nodes: [] },
      { layer: 'infrastructure', tiles: [], nodes: [use] },
      { layer: 'hardware', tiles: ['H100'], nodes: [use] },
    ],
    crumbs: [],
    severity: 'ok',
    faults: 0,
    pods: 1,
  };

  it('lights nothing without a path', () => {
    const drawn = section(WIDE, tiles, [node('n1')], undefined);
    expect(drawn).toMatchObject({ litNodes: null, route: null, outlines: [] });
    expect(drawn.litSubjects.size).toBe(0);
  });

  it('runs the path in the column of what it starts from, down to the very node', () => {
    const drawn = section(WIDE, tiles, [node('n1'), node('n2')], trace);
    const infrastructure = drawn.bands.find(({ layer }) => layer === 'infrastructure');
    expect(infrastructure?.slots).toMatchObject([{ kind: 'node', at: 2 }]);
    expect(drawn.outlines).toHaveLength(1);
    // The tile it starts from, the queue, the node's tile, the accelerator, the node itself.
    expect(drawn.route?.entries).toHaveLength(5);
  });
});
