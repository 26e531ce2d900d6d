import { describe, expect, it } from 'vitest';
import { NOWHERE, read, written, type Address } from './address';
import { addressName, named } from './clusterNames';

const full: Address = {
  cluster: 'prod-fra',
  view: 'stack',
  path: 'application/llm-prod/InferenceService/chat-assist',
  direction: 'would_fail',
  namespaces: ['a', 'b,c&d'],
  options: {},
};

describe('an address', () => {
  it('leads back to where it was written', () => {
    for (const address of [
      full,
      { ...NOWHERE, cluster: '/home/ada/.kube/config#prod fra' },
      { ...NOWHERE, cluster: 'demo', path: 'accelerator/H100 80GB' },
      { ...NOWHERE, cluster: 'demo', view: 'settings' as const },
      {
        ...NOWHERE,
        cluster: 'demo',
        view: 'gpus' as const,
        options: { by: 'model', open: 'gpu-1/3', filter: 'sm<5 & idle' },
      },
      {
        ...NOWHERE,
        cluster: 'demo',
        view: 'jobs' as const,
        options: { open: 'a/TrainJob.trainer.kubeflow.org/b&c', show: 'all' },
      },
    ]) {
      expect(read(written(address))).toEqual(address);
    }
  });

  it('is readable', () => {
    expect(written({ ...full, direction: 'depends_on', namespaces: ['a', 'b'] })).toBe(
      'strata://prod-fra/stack?path=application/llm-prod/InferenceService/chat-assist&ns=a,b',
    );
  });

  it('is read from behind the # of a page too', () => {
    expect(read('#/demo/stack?path=node/n1')).toMatchObject({ cluster: 'demo', path: 'node/n1' });
  });

  it('is none where no view is named', () => {
    expect(read('')).toBeNull();
    expect(read('#token=abc')).toBeNull();
    expect(read('strata://demo/moon')).toBeNull();
    expect(read('#/%E0%A4%A/stack')?.cluster).toBe('%E0%A4%A');
  });
});

describe('a cluster in an address', () => {
  const one = { cluster: '/a#prod', name: 'prod' };
  const twin = { cluster: '/b#prod', name: 'prod' };
  const demo = { cluster: 'demo', name: 'demo' };

  it('goes by its name where that is clear, else by its id', () => {
    expect(addressName(one, [one, demo])).toBe('prod');
    expect(addressName(one, [one, twin])).toBe('/a#prod');
    expect(addressName({ cluster: '/c#demo', name: 'demo' }, [demo])).toBe('/c#demo');
  });

  it('is found by both, and by no name of several', () => {
    expect(named('prod', [one, demo])).toBe(one);
    expect(named('/b#prod', [one, twin])).toBe(twin);
    expect(named('prod', [one, twin])).toBeUndefined();
  });
});
