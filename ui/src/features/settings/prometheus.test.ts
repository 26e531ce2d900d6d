import { describe, expect, it } from 'vitest';
import { addressOf, draftOf, EMPTY, isShownInTheClear, isWhole } from './prometheus';

describe('a Prometheus that is given', () => {
  it('is the same after it was shown in a form', () => {
    const address = {
      url: 'https://metrics.example',
      credentials: {
        by: 'basic',
        user: 'ann',
        password: { in: 'environment', name: 'PASSWORD' },
      },
      authority: '/etc/ssl/lab.pem',
    } as const;
    expect(addressOf(draftOf(address))).toEqual(address);
  });

  it('keeps no secret of a kind that is not chosen', () => {
    const draft = { ...EMPTY, url: ' https://m.example ', place: '/token', user: 'ann' };
    expect(addressOf(draft)).toEqual({
      url: 'https://m.example',
      credentials: { by: 'nothing' },
      authority: '',
    });
  });

  it('is whole with an address and what its credentials need', () => {
    const draft = { ...EMPTY, url: 'https://m.example' };
    expect(isWhole(EMPTY)).toBe(false);
    expect(isWhole(draft)).toBe(true);
    expect(isWhole({ ...draft, by: 'basic', place: '/p' })).toBe(false);
    expect(isWhole({ ...draft, by: 'bearer', place: '/p' })).toBe(true);
  });

  it('warns of credentials in the clear, but not on this computer', () => {
    const draft = { ...EMPTY, by: 'bearer' as const, place: '/t' };
    expect(isShownInTheClear({ ...draft, url: 'http://m.example' })).toBe(true);
    expect(isShownInTheClear({ ...draft, url: 'http://127.0.0.1:9090' })).toBe(false);
    expect(isShownInTheClear({ ...draft, url: 'https://m.example' })).toBe(false);
  });
});
