import { describe, expect, it } from 'vitest';
import type { ChangeReport, Check, FieldError, RenderedRecipe } from '$bindings/contract';
import { en } from '$lib/i18n/en';
import { checksOf, withMemory } from './checks';

const words = en.deploy.checks;
const rendered = (errors: FieldError[], served: boolean | null = true): RenderedRecipe => ({
  release: '',
  fields: [],
  errors,
  manifests: [],
  yaml: '',
  kinds: [{ kind: 'Deployment.apps', version: 'v1', served, component: '' }],
  sizing: null,
  endpoint: null,
});
const required: FieldError = {
  parameter: 'name',
  sentence: { code: 'field_required', values: {} },
  line: null,
};
const report: ChangeReport = {
  intent: 'preview',
  outcome: 'ready',
  obstacles: [],
  consequences: [],
  steps: [],
};
const told = (...given: Parameters<typeof checksOf>) =>
  checksOf(...given).map(({ id, severity }) => [id, severity]);

describe('the check strip', () => {
  it('calls a value that is still to come no fault, until somebody takes it away', () => {
    const empty = rendered([required]);
    expect(told(empty, [], null, new Set(), words)[0]).toEqual(['values', 'notice']);
    expect(told(empty, [], null, new Set(['name']), words)[0]).toEqual(['values', 'critical']);
  });

  it('does not call unknown what is served, nor served what is unknown', () => {
    expect(told(rendered([], true), [], null, new Set(), words)[1]).toEqual(['kinds', 'ok']);
    expect(told(rendered([], null), [], null, new Set(), words)[1]).toEqual(['kinds', 'unknown']);
    expect(told(rendered([], false), [], null, new Set(), words)[1]).toEqual(['kinds', 'critical']);
  });

  it('tells what the dry run found, each thing by what it is', () => {
    const sentence = { code: 'act_wait', values: {} } as const;
    const refused: ChangeReport = {
      ...report,
      outcome: 'blocked',
      obstacles: [
        { kind: 'permission', sentence, details: ['create deployments.apps'] },
        { kind: 'conflict', sentence, details: [] },
      ],
    };
    expect(told(rendered([]), [], refused, new Set(), words).slice(2)).toEqual([
      ['permission 0', 'critical'],
      ['conflict 1', 'warning'],
    ]);
    expect(told(rendered([]), [], report, new Set(), words).slice(2)).toEqual([['dry run', 'ok']]);
  });

  it('takes the engine’s checks once there are some', () => {
    const sentence = { code: 'act_wait', values: {} } as const;
    const checks = [
      { subject: 'quota', state: 'failed', sentence, remedy: sentence, details: [] },
      { subject: 'fit', state: 'unknown', sentence, details: [] },
    ] as const;
    const lines = checksOf(
      rendered([]),
      checks.map((check) => ({ ...check, details: [] })),
      null,
      new Set(),
      words,
    );
    expect(lines.map(({ label, severity }) => [label, severity])).toEqual([
      ['Values', 'ok'],
      ['Quota', 'critical'],
      ['Fit', 'unknown'],
    ]);
  });

  it('names every permission that is missing once, wherever it was found', () => {
    const lacks = (permission: string) => ({
      kind: 'permission' as const,
      sentence: {
        code: 'permission_missing' as const,
        values: { permission: { text: permission } },
      },
      details: [],
    });
    const check: Check = {
      subject: 'permission',
      state: 'failed',
      sentence: {
        code: 'check_permission_missing',
        values: { permissions: { text: 'create services, patch services' } },
      },
      remedy: { code: 'act_wait', values: {} },
      details: [],
    };
    const refused: ChangeReport = {
      ...report,
      outcome: 'blocked',
      obstacles: [lacks('patch services'), lacks('patch configmaps')],
    };
    const lines = checksOf(rendered([]), [check], refused, new Set(), words);
    expect(lines.map(({ id }) => id)).toEqual(['values', 'permission']);
    expect(lines[1]?.details).toEqual(['create services', 'patch services', 'patch configmaps']);
    expect(lines[1]?.remedy).toEqual(check.remedy);
  });

  it('says once that the namespace is not there', () => {
    const check: Check = {
      subject: 'namespace',
      state: 'failed',
      sentence: { code: 'check_namespace_missing', values: {} },
      details: [],
    };
    const missing = { code: 'namespace_not_there', values: {} } as const;
    const refused: ChangeReport = {
      ...report,
      outcome: 'blocked',
      obstacles: [{ kind: 'manifest', sentence: missing, details: [] }],
    };
    const ids = (checks: Check[]) =>
      checksOf(rendered([]), checks, refused, new Set(), words).map(({ id }) => id);
    expect(ids([check])).toEqual(['values', 'namespace']);
    expect(ids([])).toEqual(['values', 'kinds', 'manifest 0']);
  });

  it('sets memory that is too little beside room on nodes, and says nothing while it is not known', () => {
    const fit = {
      subject: 'fit',
      state: 'ok',
      sentence: { code: 'act_wait', values: {} },
    } as const;
    const lines = checksOf(rendered([]), [{ ...fit, details: [] }], report, new Set(), words);
    const seen = (...verdict: Parameters<typeof withMemory>) =>
      withMemory(...verdict).map(({ id, severity }) => [id, severity]);
    expect(seen(lines, { gpu: 'L40S', fits: false }, words)).toEqual([
      ['values', 'ok'],
      ['fit', 'ok'],
      ['memory', 'warning'],
      ['dry run', 'ok'],
    ]);
    expect(withMemory(lines, null, words)).toBe(lines);
  });
});
