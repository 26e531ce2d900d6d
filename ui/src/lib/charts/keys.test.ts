import { describe, expect, it } from 'vitest';
import { strokeOf } from './keys';

describe('the cursor of a chart', () => {
  it('begins at the newest step and stays within the chart', () => {
    expect(strokeOf('ArrowLeft', false, null, 10)).toEqual({
      does: 'move',
      mark: { at: 9, anchor: null },
    });
    const at = (place: number) => ({ at: place, anchor: null });
    expect(strokeOf('ArrowRight', false, at(9), 10)).toEqual({ does: 'move', mark: at(9) });
    expect(strokeOf('PageDown', false, at(4), 10)).toEqual({ does: 'move', mark: at(0) });
    expect(strokeOf('Home', false, at(4), 10)).toEqual({ does: 'move', mark: at(0) });
  });

  it('marks a span with shift, and Enter looks closer at it', () => {
    const first = strokeOf('ArrowLeft', true, { at: 6, anchor: null }, 10);
    expect(first).toEqual({ does: 'move', mark: { at: 5, anchor: 6 } });
    expect(strokeOf('ArrowLeft', true, { at: 5, anchor: 6 }, 10)).toEqual({
      does: 'move',
      mark: { at: 4, anchor: 6 },
    });
    expect(strokeOf('Enter', false, { at: 4, anchor: 6 }, 10)).toEqual({
      does: 'zoom',
      from: 4,
      until: 6,
    });
    expect(strokeOf('Enter', false, { at: 4, anchor: null }, 10)).toBeNull();
  });

  it('leaves other keys to the page, and Escape where it is nowhere', () => {
    expect(strokeOf('j', false, null, 10)).toBeNull();
    expect(strokeOf('Escape', false, null, 10)).toBeNull();
    expect(strokeOf('Escape', false, { at: 1, anchor: null }, 10)).toEqual({ does: 'leave' });
    expect(strokeOf('ArrowLeft', false, null, 0)).toBeNull();
  });
});
