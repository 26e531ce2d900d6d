import { describe, expect, it } from 'vitest';
import type { ChangeAction, JournalEntry, JournalStep } from '$bindings/contract';
import { exported, joined, mainStep, moment, objectText, settlementsOf, statesOf } from './journal';

const entry = (number: number): JournalEntry => ({
  number,
  at: '2026-03-01T12:00:00Z',
  state: 'applied',
  cluster: 'demo',
  context: 'demo',
  user: '',
  known_as: '',
  program: 'strata 0.1.0',
  steps: [],
  hash: '00',
});

const step = (kind: string, name: string, action: ChangeAction): JournalStep => ({
  object: { kind, namespace: 'a', name },
  action,
  state: 'done',
  fields: [],
  kubectl: '',
  message: '',
});

describe('the journal', () => {
  it('is one list of all its pages, the newest first', () => {
    const pages = [
      [entry(3), entry(2)],
      [entry(2), entry(1)],
    ];
    expect(joined(pages).map(({ number }) => number)).toEqual([3, 2, 1]);
  });

  it('names objects as people do, with what deceives made visible', () => {
    const object = { kind: 'Deployment.apps', namespace: 'team-a', name: 'w\u202eb' };
    expect(objectText({ object })).toBe('Deployment team-a/w\\u{202e}b');
    expect(objectText({ object: { kind: 'Node', namespace: '', name: 'n1' } })).toBe('Node n1');
  });

  it('tells of what a change is about, not of the revision that it keeps', () => {
    const revision = step('ConfigMap', 'strata-release.web.v2', 'create');
    const service = step('Service', 'web', 'unchanged');
    const workload = step('Deployment.apps', 'web', 'change');
    expect(mainStep({ steps: [revision, service, workload] })).toBe(workload);
    expect(mainStep({ steps: [revision, service] })).toBe(revision);
    expect(mainStep({ steps: [] })).toBeUndefined();
  });

  it('is exported line by line, the oldest first', () => {
    const lines = exported([entry(2), entry(1)])
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as JournalEntry).number)).toEqual([1, 2]);
  });

  it('offers to finish what was cut off, and to undo what was done', () => {
    expect(settlementsOf({ state: 'interrupted', steps: [] })).toEqual(['finish', 'undo']);
    expect(settlementsOf({ state: 'applied', steps: [] })).toEqual(['undo']);
    expect(settlementsOf({ state: 'running', steps: [] })).toEqual([]);
    expect(settlementsOf({ state: 'failed', steps: [] })).toEqual([]);
  });

  it('offers nothing for a load test, which wrote nothing', () => {
    const steps = [step('InferenceService.serving.kserve.io', 'chat', 'load')];
    expect(settlementsOf({ state: 'applied', steps })).toEqual([]);
    expect(settlementsOf({ state: 'interrupted', steps })).toEqual([]);
  });

  it('offers nothing for what runs on this machine, which is stopped where it is listed', () => {
    const steps = [step('Container', 'qwen', 'create')];
    expect(settlementsOf({ state: 'applied', steps })).toEqual([]);
    expect(settlementsOf({ state: 'partial', steps })).toEqual([]);
  });

  it('shows every state where nothing is left out', () => {
    expect(statesOf('all')).toEqual([]);
    expect(statesOf('failed')).toContain('partial');
  });

  it('tells when a change was, and what it was told where that is no time', () => {
    expect(moment('2026-03-01T12:00:09Z')).toMatch(/^2026-0[23]-\d\d \d\d:\d\d:09$/);
    expect(moment('some day')).toBe('some day');
  });
});
