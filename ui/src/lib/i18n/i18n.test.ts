import { describe, expect, it } from 'vitest';
import type { Phrase, PhraseCode } from '$bindings/contract';
import { PHRASES } from '$bindings/phrases';
import { en } from './en';
import { alsoKnow, halves, say, segments } from './say';
import { tongueOf, tongueOfTag } from './tongue';
import { zh } from './zh';

const phrase = (code: PhraseCode, values: Phrase['values'] = {}): Phrase => ({ code, values });

describe('the engine’s phrases', () => {
  it('choose their word by number, and group numbers', () => {
    expect(say(phrase('gpu_count', { count: { number: 1 } }), 'en')).toBe('1 GPU');
    expect(say(phrase('gpu_count', { count: { number: 1024 } }), 'en')).toBe('1,024 GPUs');
  });

  it('show a missing value', () => {
    expect(say(phrase('machine_count'), 'en')).toBe('{count} {count}');
  });

  it('of a newer engine are said by their code', () => {
    const newer = phrase('moon_phase' as PhraseCode, { node: { text: 'n1' } });
    expect(say(newer, 'en')).toBe('moon phase n1');
  });

  it('part names from words and numbers', () => {
    alsoKnow((code) =>
      code === 'test' ? { en: '{pod} waits {wait}', zh: '{pod} 已等待 {wait}' } : undefined,
    );
    const waits = phrase('test' as PhraseCode, {
      pod: { text: 'llama\u202e' },
      wait: { seconds: 2820 },
    });
    expect(segments(waits, 'en')).toEqual([
      { kind: 'name', text: 'llama\\u{202e}' },
      { kind: 'words', text: ' waits ' },
      { kind: 'number', text: '47 min' },
    ]);
    expect(say(waits, 'zh')).toBe('llama\\u{202e} 已等待 47 分');
  });

  it('draw messages and kinds like the sentence around them, not like names', () => {
    const killed = phrase('test' as PhraseCode, {
      pod: { text: '0/3 nodes are available' },
      wait: { text: 'n1' },
    });
    const kind = phrase('test' as PhraseCode, {
      pod: { text: 'ClusterQueue' },
      wait: { text: 'n1' },
    });
    expect(segments(kind, 'en')[0]?.kind).toBe('words');
    expect(segments(killed, 'en')).toEqual([
      { kind: 'words', text: '0/3 nodes are available waits ' },
      { kind: 'name', text: 'n1' },
    ]);
  });

  it('come apart where they add something', () => {
    const short = phrase('why_queue_short_held', {
      queue: { text: 'training' },
      short: { text: '3' },
      resource: { text: 'nvidia.com/gpu' },
      flavor: { text: 'h100' },
      holders: { text: 'TrainJob llama-ft-0417 16' },
    });
    const text = (parts: readonly { text: string }[]) => parts.map((part) => part.text).join('');
    for (const [tongue, rest] of [
      ['en', 'most is held by TrainJob llama-ft-0417 16'],
      ['zh', '主要占用者：TrainJob llama-ft-0417 16'],
    ] as const) {
      const { first, rest: added } = halves(segments(short, tongue));
      expect(text(first)).toMatch(/h100|3/);
      expect(text(first)).not.toMatch(/llama|[;；]/);
      expect(text(added)).toBe(rest);
    }
    const plainly = segments(phrase('why_namespace_ending'), 'en');
    expect(halves(plainly)).toEqual({ first: plainly, rest: [] });
  });

  it('are all well formed in both languages', () => {
    const slot = /^\w+(\?[^:{}]*:[^:{}]*)?$/;
    for (const [code, { en: english, zh: chinese }] of Object.entries(PHRASES)) {
      for (const template of [english, chinese]) {
        expect(template, code).not.toBe('');
        for (const part of template.match(/\{[^}]*\}/g) ?? []) {
          expect(part.slice(1, -1), code).toMatch(slot);
        }
      }
    }
  });
});

describe('the dictionaries', () => {
  type Tree = Record<string, unknown>;
  const paths = (tree: Tree, at = ''): string[] =>
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null
        ? paths(value as Tree, `${at}${key}.`)
        : [`${at}${key}`],
    );

  it('say the same things', () => {
    expect(paths(zh).sort()).toEqual(paths(en).sort());
  });

  it('leave nothing unsaid', () => {
    const texts = (tree: Tree): unknown[] =>
      Object.values(tree).flatMap((value) =>
        typeof value === 'object' && value !== null ? texts(value as Tree) : [value],
      );
    expect([...texts(en), ...texts(zh)]).not.toContain('');
  });
});

describe('the desktop’s language', () => {
  it('is English where the tag is none, as WebKit’s C', () => {
    expect(tongueOfTag('C')).toBe('en');
    expect(tongueOfTag(undefined)).toBe('en');
    expect(tongueOfTag('zh-Hans-CN')).toBe('zh');
    expect(tongueOfTag('zha')).toBe('en');
  });

  it('yields to a choice', () => {
    expect(tongueOf('zh', 'en-US')).toBe('zh');
    expect(tongueOf('system', 'zh-CN')).toBe('zh');
  });
});
