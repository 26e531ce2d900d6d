import { beforeEach, describe, expect, it } from 'vitest';
import { deployment } from './deployment.svelte';

const web = { kind: 'Deployment.apps', namespace: 'team-a', name: 'web' };

describe('what is being deployed', () => {
  beforeEach(() => deployment.fill('vllm', {}));

  it('holds what differs from the defaults alone', () => {
    deployment.set('replicas', 2, 1);
    deployment.set('model', 'Qwen/Qwen3-8B', null);
    expect(deployment.values).toEqual({ replicas: 2, model: 'Qwen/Qwen3-8B' });
    deployment.set('replicas', 1, 1);
    expect(deployment.values).toEqual({ model: 'Qwen/Qwen3-8B' });
    // A field that was emptied stays empty while one types; the engine then takes the default.
    deployment.set('replicas', null, 1);
    expect(deployment.values).toEqual({ model: 'Qwen/Qwen3-8B', replicas: null });
    deployment.reset('replicas');
    expect(deployment.values).toEqual({ model: 'Qwen/Qwen3-8B' });
  });

  it('keeps its values while its recipe stays', () => {
    deployment.set('replicas', 2, 1);
    deployment.begin('vllm');
    expect(deployment.values).toEqual({ replicas: 2 });
    deployment.begin('ollama');
    expect(deployment.values).toEqual({});
  });

  it('is what the form says again once a value changes', () => {
    deployment.edit('kind: Deployment');
    expect(deployment.edited).toBe('kind: Deployment');
    deployment.set('replicas', 2, 1);
    expect(deployment.edited).toBeNull();
  });

  it('has one choice for a field of an object, the last', () => {
    deployment.choose(web, '.spec.replicas', 'keep');
    deployment.choose({ ...web, name: 'api' }, '.spec.replicas', 'keep');
    deployment.choose({ ...web }, '.spec.replicas', 'take');
    expect(deployment.choices.map(({ object, choice }) => [object.name, choice])).toEqual([
      ['api', 'keep'],
      ['web', 'take'],
    ]);
    deployment.edit('kind: Service');
    expect(deployment.choices).toEqual([]);
  });
});
