import { describe, expect, it } from 'vitest';
import { age, secondsSince, span, timeOfDay } from './duration';
import { grouped, memory, rate } from './number';
import { distinguishingEnd, plain, tail } from './text';

describe('numbers', () => {
  it('are grouped by thousands and keep at most one digit', () => {
    expect(grouped(104_318)).toBe('104,318');
    expect(grouped(999)).toBe('999');
    expect(grouped(-1024)).toBe('-1,024');
    expect(grouped(2.44)).toBe('2.4');
    expect(grouped(1_234_567.04)).toBe('1,234,567');
  });

  it('of memory have binary units, of networks decimal ones', () => {
    expect(memory(80 * 1024 ** 3)).toBe('80 GiB');
    expect(memory(1536)).toBe('1.5 KiB');
    expect(memory(12)).toBe('12 B');
    expect(rate(186_000)).toBe('186 kB/s');
    expect(rate(1_250_000)).toBe('1.3 MB/s');
    expect(rate(-3)).toBe('0 B/s');
    expect(rate(999_700)).toBe('1.0 MB/s');
  });
});

describe('spans of time', () => {
  it('read as people say them', () => {
    expect(span(42)).toBe('42 s');
    expect(span(2_820)).toBe('47 min');
    expect(span(3_600)).toBe('1 h');
    expect(span(11_520)).toBe('3 h 12');
    expect(span(432_000)).toBe('5 d');
    expect(span(11_520, 'zh')).toBe('3 小时 12');
  });

  it('have tenths while they are short, and are never negative', () => {
    expect(age(0.44)).toBe('0.4 s');
    expect(age(48)).toBe('48 s');
    expect(age(-2)).toBe('0.0 s');
  });

  it('are unknown where the time is no time', () => {
    expect(secondsSince(undefined, 0)).toBeNull();
    expect(secondsSince('yesterday', 0)).toBeNull();
    expect(secondsSince('1970-01-01T00:00:10Z', 25_000)).toBe(15);
    expect(timeOfDay('yesterday')).toBe('yesterday');
  });
});

describe('text from a cluster', () => {
  it('shows what would deceive the eye', () => {
    expect(plain('pod\u202egpj.exe')).toBe('pod\\u{202e}gpj.exe');
    expect(plain('a\u0000b\u001b[31m')).toBe('a\\u{0}b\\u{1b}[31m');
    expect(plain('two\nlines')).toBe('two lines');
  });

  it('is cut where it does not tell names apart', () => {
    expect(distinguishingEnd('chat-assist-7d9f8b6c5d-2kq8d', 11)).toBe('…2kq8d');
    expect(distinguishingEnd('reason-pro-0-1', 7)).toBe('…pro-0-1');
    expect(distinguishingEnd('milvus', 11)).toBe('milvus');
    expect(distinguishingEnd('averylongname', 6)).toBe('averylongname');
    expect(tail('gpu-h100-45', 8)).toBe('…h100-45');
    expect(tail('n1', 8)).toBe('n1');
  });
});
