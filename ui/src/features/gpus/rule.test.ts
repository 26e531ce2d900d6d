import { describe, expect, it } from 'vitest';
import { ruleFor } from './rule';

describe('the rule that permits exporters to be asked', () => {
  it('names the resource and the namespace that are missing', () => {
    const rule = ruleFor('get pods/proxy in namespace gpu-operator is not permitted');
    expect(rule).toContain(
      'kubectl -n gpu-operator create role strata --verb=get --resource=pods/proxy',
    );
    expect(rule.split('\n')).toHaveLength(2);
  });

  it('is none where something else is missing, and takes no other words over', () => {
    expect(ruleFor('the credentials have expired')).toBe('');
    expect(ruleFor('get pods/proxy in namespace a; reboot is not permitted')).toBe('');
  });
});
