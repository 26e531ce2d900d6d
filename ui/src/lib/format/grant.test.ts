import { describe, expect, it } from 'vitest';
import { grantFor } from './grant';

describe('what permits the whole cluster', () => {
  it('names each kind once, with its group', () => {
    const said = grantFor(['watch pods', 'list pods', 'list workloads.kueue.x-k8s.io']);
    expect(said.split('\n')).toEqual([
      'kubectl create clusterrole strata --verb=get,list,watch --resource=pods,workloads.kueue.x-k8s.io',
      'kubectl create clusterrolebinding strata --clusterrole=strata --user=NAME',
    ]);
  });

  it('takes no other words over', () => {
    expect(grantFor(['list pods; reboot', 'list pods in team-a', ''])).toBe('');
  });
});
