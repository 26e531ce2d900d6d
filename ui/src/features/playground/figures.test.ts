import { describe, expect, it } from 'vitest';
import { lines, numberIn, pace, serverIn, serverText, took } from './figures';

describe('figures of trials', () => {
  it('times have a unit that suits them', () => {
    expect([0.0042, 0.214, 2.5, 61].map(took)).toEqual(['4.2 ms', '214 ms', '2.50 s', '61.00 s']);
  });

  it('rates have three digits that matter', () => {
    expect([0.4242, 4.2, 42, 421.7].map(pace)).toEqual(['0.42', '4.20', '42.0', '422']);
  });

  it('a model’s lines stay, and what deceives is shown', () => {
    expect(lines('a\n\tb\u202ec')).toBe('a\n  b\\u{202e}c');
  });

  it('a server is found again by its address', () => {
    const row = { group: '', kind: 'Pod', namespace: 'llm', name: 'chat' };
    expect(serverIn(serverText(row), 'demo')).toEqual({ cluster: 'demo', ...row });
    expect(serverIn('apps/Deployment/llm', 'demo')).toBeNull();
    expect(serverIn('', 'demo')).toBeNull();
    expect(serverIn('apps/Deployment/llm/chat/more', 'demo')).toBeNull();
    const here = { cluster: '', group: '', kind: 'Container', namespace: 'ollama' };
    const model = { ...here, name: 'hf.co/a/b:Q4' };
    expect(serverIn(serverText(model), '')).toEqual(model);
  });

  it('what is typed is a number in its bounds, nothing, or wrong', () => {
    expect(numberIn(' 1,024 ', 1, 4096, true)).toBe(1024);
    expect(numberIn('', 1, 2, true)).toBeUndefined();
    for (const wrong of ['-1', '1.5', '5000', 'many', '1e3']) {
      expect(numberIn(wrong, 1, 4096, true)).toBeNull();
    }
    expect(numberIn('0.7', 0, 2, false)).toBe(0.7);
  });
});
