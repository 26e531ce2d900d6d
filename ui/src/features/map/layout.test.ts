import { describe, expect, it } from 'vitest';
import { draw, type Arrow, type Placed, type Point, type Room } from './layout';

const IDS = [
  'general_orchestration',
  'model_delivery',
  'distributed_training',
  'model_serving',
  'data_science',
  'automl',
  'data_storage',
  'vector_databases',
  'data_architecture',
  'workloads_observability',
  'model_observability',
  'governance_policy',
];
const ARROWS: Arrow[] = [
  ['general_orchestration', 'model_delivery'],
  ['general_orchestration', 'distributed_training'],
  ['general_orchestration', 'model_serving'],
  ['general_orchestration', 'data_science'],
  ['general_orchestration', 'data_storage'],
  ['general_orchestration', 'model_observability'],
  ['general_orchestration', 'workloads_observability'],
  ['model_serving', 'data_science'],
  ['automl', 'data_science'],
  ['vector_databases', 'data_storage'],
  ['data_architecture', 'data_storage'],
  ['model_observability', 'workloads_observability'],
].map(([from = '', to = ''], at) => ({ id: `${at + 1}`, from, to }));

describe.each([
  { width: 880, height: 680 },
  { width: 928, height: 680 },
  { width: 1520, height: 960 },
])('the map in $width by $height', (room) => {
  const drawing = draw(IDS, ARROWS, 'governance_policy', room);

  it('draws every capability and every relation once', () => {
    expect(drawing.nodes.map((node) => node.id).sort()).toEqual([...IDS].sort());
    expect(drawing.edges.map((edge) => Number(edge.id)).sort((a, b) => a - b)).toEqual(
      ARROWS.map((_, at) => at + 1),
    );
  });

  it('fits the room', () => {
    expect(drawing.width).toBe(room.width);
    expect(drawing.height).toBe(room.height);
  });

  it('lays no capability over another', () => {
    for (const one of drawing.nodes) {
      for (const other of drawing.nodes) {
        if (one.id >= other.id) continue;
        const isApart =
          Math.abs(one.x - other.x) >= drawing.node.width ||
          Math.abs(one.y - other.y) >= drawing.node.height;
        expect(isApart, `${one.id} and ${other.id}`).toBe(true);
      }
    }
  });

  const isApart = (one: Point, size: Room, other: Point, its: Room) =>
    Math.abs(one.x - other.x) >= (size.width + its.width) / 2 ||
    Math.abs(one.y - other.y) >= (size.height + its.height) / 2;
  const middle = (placed: Placed): Point => ({
    x: placed.x + drawing.node.width / 2,
    y: placed.y + drawing.node.height / 2,
  });

  it('lays no label over a capability or over another label', () => {
    for (const { id, label } of drawing.edges) {
      for (const node of drawing.nodes) {
        const apart = isApart(label, drawing.label, middle(node), drawing.node);
        expect(apart, `relation ${id} and ${node.id}`).toBe(true);
      }
      for (const other of drawing.edges) {
        if (other.id === id) continue;
        const apart = isApart(label, drawing.label, other.label, drawing.label);
        expect(apart, `relations ${id} and ${other.id}`).toBe(true);
      }
    }
  });

  it('leads no line through a label or a capability that is not its own', () => {
    for (const edge of drawing.edges) {
      const arrow = ARROWS.find((known) => known.id === edge.id);
      const pieces = edge.points.slice(1).map((end, at) => {
        const start = edge.points[at] as Point;
        const between = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
        const size = { width: Math.abs(end.x - start.x), height: Math.abs(end.y - start.y) };
        expect(Math.min(size.width, size.height), 'at right angles').toBe(0);
        return { at: between, size };
      });
      for (const { at, size } of pieces) {
        for (const node of drawing.nodes) {
          if (node.id === arrow?.from || node.id === arrow?.to) continue;
          const apart = isApart(at, size, middle(node), drawing.node);
          expect(apart, `relation ${edge.id} through ${node.id}`).toBe(true);
        }
        for (const other of drawing.edges) {
          if (other.id === edge.id) continue;
          const apart = isApart(at, size, other.label, drawing.label);
          expect(apart, `relation ${edge.id} through the label of ${other.id}`).toBe(true);
        }
      }
    }
  });

  it('stays as it is when it is drawn again', () => {
    expect(draw(IDS, ARROWS, 'governance_policy', room)).toEqual(drawing);
  });
});
