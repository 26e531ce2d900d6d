import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '$bindings/contract';
import { en } from '$lib/i18n/en';
import { zh } from '$lib/i18n/zh';
import { asApiError } from '$lib/host/host';
import { present, SEVERITY_OF } from './errors';

describe('errors', () => {
  it('have a severity, a sentence and an action for every code in both languages', () => {
    for (const code of Object.keys(SEVERITY_OF) as ErrorCode[]) {
      for (const words of [en, zh]) {
        const shown = present({ code, message: 'it broke', causes: [] }, words);
        expect(shown.sentence).not.toBe('');
        expect(shown.action).not.toBe('');
      }
    }
  });

  it('show what a cluster wrote as text', () => {
    const error = { code: 'conflict' as const, message: 'a\u202eb', causes: ['c\u0007'] };
    expect(present(error, en).message).toBe('a\\u{202e}b');
    expect(present(error, en).causes).toEqual(['c\\u{7}']);
  });

  it('keep their code, and are Strata’s own fault where they have none', () => {
    expect(asApiError({ code: 'timeout', message: 'slow' })).toEqual({
      code: 'timeout',
      message: 'slow',
      causes: [],
    });
    expect(asApiError(new Error('boom'))).toMatchObject({ code: 'internal', message: 'boom' });
    expect(asApiError('boom')).toMatchObject({ code: 'internal', message: 'boom' });
  });
});
