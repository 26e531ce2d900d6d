import { describe, expect, it } from 'vitest';
import {
  environmentIn,
  environmentOf,
  integerOf,
  isSame,
  labelsOf,
  linesOfLabels,
  linesOfList,
  listOf,
  numberOf,
  secretIn,
  secretOf,
} from './values';

describe('what is typed', () => {
  it('for a number is a number where it is one, else text that the engine refuses', () => {
    expect(integerOf(' 4 ')).toBe(4);
    expect(integerOf('')).toBeNull();
    expect(integerOf('4.5')).toBe('4.5');
    expect(integerOf('four')).toBe('four');
    // Digits that a double cannot hold are not rounded on the way.
    expect(integerOf('99999999999999999999')).toBe('99999999999999999999');
    expect(numberOf('0.92')).toBe(0.92);
    expect(numberOf('1e999')).toBe('1e999');
  });

  it('on lines is a list, or labels, and comes back as it was', () => {
    expect(listOf('--a\n\n --b=c ')).toEqual(['--a', '--b=c']);
    expect(linesOfList(['--a', '--b=c'])).toBe('--a\n--b=c');
    expect(listOf('\n')).toBeNull();
    expect(labelsOf('a=b\nc\nd = e=f')).toEqual({ a: 'b', c: '', d: 'e=f' });
    expect(linesOfLabels({ a: 'b', c: '' })).toBe('a=b\nc=');
  });

  it('for a Secret is its name and key, never a value', () => {
    expect(secretOf({ name: '', key: '' })).toBeNull();
    expect(secretIn(secretOf({ name: 'hub', key: 'token' }))).toEqual({
      name: 'hub',
      key: 'token',
    });
    expect(secretIn('hub')).toEqual({ name: '', key: '' });
  });

  it('as variables keeps their order, and leaves out empty lines', () => {
    const lines = environmentIn([
      { name: 'HF_HOME', value: '/models' },
      { name: 'HF_TOKEN', secret: { name: 'hub', key: 'token' } },
    ]);
    expect(lines.map(({ isSecret }) => isSecret)).toEqual([false, true]);
    const empty = { name: '', isSecret: false, value: '', secret: { name: '', key: '' } };
    expect(environmentOf([...lines, empty])).toEqual([
      { name: 'HF_HOME', value: '/models' },
      { name: 'HF_TOKEN', secret: { name: 'hub', key: 'token' } },
    ]);
    expect(environmentOf([empty])).toBeNull();
  });

  it('is the same where it travels as the same', () => {
    expect(isSame(undefined, null)).toBe(true);
    expect(isSame([1], [1])).toBe(true);
    expect(isSame(4, '4')).toBe(false);
  });
});
