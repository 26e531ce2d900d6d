import { describe, expect, it } from 'vitest';
import { apiError } from '$lib/host/host';
import { Question } from './question.svelte';

/** Calls that are answered by hand. */
function byHand() {
  const calls: { asked: string; answer: (text: string) => void; refuse: () => void }[] = [];
  const question = new Question<string, string>(
    (asked) =>
      new Promise((resolve, reject) => {
        calls.push({
          asked,
          answer: resolve,
          refuse: () => reject(apiError('timeout', `no answer to ${asked}`)),
        });
      }),
  );
  return { question, calls };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a question', () => {
  it('makes one call at a time, and the newest next', async () => {
    const { question, calls } = byHand();
    question.ask('a');
    question.ask('ab');
    question.ask('abc');
    expect(calls.map(({ asked }) => asked)).toEqual(['a']);
    calls[0]?.answer('to a');
    await settled();
    expect(calls.map(({ asked }) => asked)).toEqual(['a', 'abc']);
    expect(question.answer).toBeNull();
    expect(question.last).toBe('to a');
    expect(question.isPending).toBe(true);
    calls[1]?.answer('to abc');
    await settled();
    expect(question.answer).toBe('to abc');
    expect(question.isPending).toBe(false);
  });

  it('that is what it was again has its answer at once', async () => {
    const { question, calls } = byHand();
    question.ask('a');
    calls[0]?.answer('to a');
    await settled();
    question.ask('b');
    expect(question.answer).toBeNull();
    question.ask('a');
    expect(question.answer).toBe('to a');
    calls[1]?.answer('to b');
    await settled();
    expect(question.answer).toBe('to a');
    expect(calls).toHaveLength(2);
  });

  it('says why it has no answer, and only to what is asked now', async () => {
    const { question, calls } = byHand();
    question.ask('a');
    calls[0]?.refuse();
    await settled();
    expect(question.error?.code).toBe('timeout');
    expect(question.isPending).toBe(false);
    question.ask('b');
    expect(question.error).toBeNull();
    expect(question.isPending).toBe(true);
  });

  it('asked again calls again', async () => {
    const { question, calls } = byHand();
    question.ask('a');
    calls[0]?.answer('then');
    await settled();
    question.again();
    expect(question.answer).toBeNull();
    calls[1]?.answer('now');
    await settled();
    expect(question.answer).toBe('now');
  });

  it('asked again while it is under way does not take the answer of before', async () => {
    const { question, calls } = byHand();
    question.ask('a');
    question.again();
    calls[0]?.answer('then');
    await settled();
    expect(question.answer).toBeNull();
    calls[1]?.answer('now');
    await settled();
    expect(question.answer).toBe('now');
  });
});
