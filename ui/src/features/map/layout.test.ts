import { describe, expect, it } from 'vitest';
import { draw, type Arrow } from './layout';

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

  it('lays no label over a capability', () => {
    for (const { id, label } of drawing.edges) {
      for (const node of drawing.nodes) {
        const dx = Math.abs(label.x - node.x - drawing.node.width / 2);
        const dy = Math.abs(label.y - node.y - drawing.node.height / 2);
        const isApart =
          dx >= (drawing.node.width + drawing.labelWidth) / 2 - 1 ||
          dy >= (drawing.node.height + 28) / 2 - 1;
        expect(isApart, `relation ${id} and ${node.id}`).toBe(true);
      }
    }
  });

  it('stays as it is when it is drawn again', () => {
    expect(draw(IDS, ARROWS, 'governance_policy', room)).toEqual(drawing);
  });
});
