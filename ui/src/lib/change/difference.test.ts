import { describe, expect, it } from 'vitest';
import type { ChangeStep, Obstacle } from '$bindings/contract';
import {
  commandsOf,
  faultsOf,
  isOpenAtFirst,
  pathText,
  severityOf,
  signOf,
  stepOf,
  tallyOf,
  valueText,
} from './difference';

const step = (more: Partial<ChangeStep>): ChangeStep => ({
  object: { kind: 'Deployment.apps', namespace: 'team-a', name: 'web' },
  api_version: 'apps/v1',
  action: 'change',
  progress: 'planned',
  is_assumed: false,
  fields: [],
  conflicts: [],
  consequences: [],
  warnings: [],
  kubectl: 'kubectl apply --server-side -f web.yaml',
  before: '',
  after: '',
  ...more,
});
const obstacle = (kind: Obstacle['kind'], line?: number): Obstacle => ({
  kind,
  sentence: { code: 'act_wait', values: {} },
  details: [],
  ...(line === undefined ? {} : { line }),
});

describe('a field', () => {
  it('appears, changes or goes', () => {
    expect(signOf({ path: '.a', after: '1', is_secret: false })).toBe('added');
    expect(signOf({ path: '.a', before: '1', after: '2', is_secret: false })).toBe('changed');
    expect(signOf({ path: '.a', before: '1', is_secret: false })).toBe('removed');
    expect(signOf({ path: '.data.token', is_secret: true })).toBe('changed');
  });

  it('is said without the dot in front, and with what deceives made visible', () => {
    expect(pathText('.spec.containers[name="main"].image')).toBe(
      'spec.containers[name="main"].image',
    );
    expect(pathText('.metadata.labels.a\u202eb')).toContain('\\u{202e}');
  });

  it('has text without quotes only where it cannot be taken for something else', () => {
    expect(valueText('"nginx:1.29"')).toBe('nginx:1.29');
    expect(valueText('"8"')).toBe('"8"');
    expect(valueText('8')).toBe('8');
    expect(valueText('"true"')).toBe('"true"');
    expect(valueText('""')).toBe('""');
    expect(valueText('{"a":1}')).toBe('{"a":1}');
  });
});

describe('a report', () => {
  const conflict = { path: '.spec.replicas', manager: 'hpa', message: '', is_secret: false };
  const report = {
    obstacles: [obstacle('manifest', 3)],
    steps: [
      step({ conflicts: [conflict, { ...conflict, choice: 'keep' as const }] }),
      step({ action: 'unchanged', progress: 'done' }),
      step({ action: 'create', line: 12, obstacle: obstacle('refused'), progress: 'failed' }),
      step({ line: 30, obstacle: obstacle('conflict') }),
    ],
  };

  it('is counted', () => {
    expect(tallyOf(report)).toEqual({ touched: 3, fields: 0, conflicts: 2, open: 1, done: 1 });
  });

  it('marks the lines that are wrong; a conflict is no fault of the text', () => {
    expect(faultsOf(report, ({ kind }) => kind)).toEqual([
      { line: 3, severity: 'error', message: 'manifest' },
      { line: 12, severity: 'error', message: 'refused' },
    ]);
  });

  it('opens what needs a look, and all of what is little', () => {
    expect(isOpenAtFirst(step({ action: 'create' }), 5)).toBe(false);
    expect(isOpenAtFirst(step({ action: 'create' }), 2)).toBe(true);
    expect(isOpenAtFirst(step({ conflicts: [conflict] }), 5)).toBe(true);
    expect(isOpenAtFirst(step({ action: 'unchanged' }), 1)).toBe(false);
  });

  it('is the same with kubectl, without what stays', () => {
    expect(commandsOf(report).split('\n')).toHaveLength(3);
  });
});

describe('a difference between revisions', () => {
  it('is drawn as the step that makes the one the other', () => {
    const object = { kind: 'Service', namespace: 'team-a', name: 'web' };
    const after = 'apiVersion: v1\nkind: Service\n';
    const drawn = stepOf({ object, action: 'create', fields: [], before: '', after });
    expect(drawn).toMatchObject({ object, action: 'create', api_version: 'v1', after });
    const gone = stepOf({ object, action: 'delete', fields: [], before: after, after: '' });
    expect(gone.api_version).toBe('v1');
  });
});

describe('how a change stands', () => {
  it('is a fault only where nothing or not all was done', () => {
    expect(severityOf('ready')).toBe('ok');
    expect(severityOf('partial')).toBe('warning');
    expect(severityOf('blocked')).toBe('critical');
  });
});
