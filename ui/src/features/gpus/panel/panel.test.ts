import { describe, expect, it } from 'vitest';
import type { Figure, GpuInstance, ReadingRow } from '$bindings/contract';
import { readingsBy } from '$lib/format/readings';
import { processesCommand } from './command';
import { jobOptions } from './holder';
import { divisionOf, memoryOf } from './mig';

const GIB = 2 ** 30;
const instance = (profile: string, id: string): GpuInstance => ({ profile, id, holder: '' });
const reading = (figure: Figure): ReadingRow => ({
  figure,
  unit: 'count',
  value: 1,
  source: 'dcgm',
  at: '2026-11-28T03:00:00Z',
});

describe('the job of a holder', () => {
  const job = { namespace: 'team', workload_kind: 'Job', workload: 'train' };

  it('is opened by its kind with its group, where it has one', () => {
    expect(jobOptions({ ...job, workload_group: 'batch' })).toEqual({
      show: 'all',
      open: 'team/Job.batch/train',
    });
    expect(jobOptions({ ...job, workload_kind: 'Pod', workload_group: '' })['open']).toBe(
      'team/Pod/train',
    );
  });
});

describe('a device that is divided', () => {
  it('knows the memory of a profile by its name', () => {
    expect(memoryOf('1g.10gb')).toBe(10 * GIB);
    expect(memoryOf('1g.5gb+me')).toBe(5 * GIB);
    expect(memoryOf('1c.3g.40gb')).toBe(40 * GIB);
    expect(memoryOf('whole')).toBeNull();
  });

  it('has a rest that no instance has, as far as its memory is told', () => {
    const two = [instance('3g.40gb', '1'), instance('1g.10gb', '9')];
    const { slices, rest } = divisionOf(two, 80 * GIB);
    expect(slices.map(({ share }) => share)).toEqual([0.5, 0.125]);
    expect(rest).toBeCloseTo(0.375);
    expect(divisionOf(two, undefined).rest).toBeNull();
  });

  it('is never more than whole, since profiles round up', () => {
    const two = [instance('4g.48gb', '1'), instance('4g.48gb', '2')];
    const { slices, rest } = divisionOf(two, 95 * GIB);
    expect(slices.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(rest).toBe(0);
  });
});

describe('the readings of a GPU', () => {
  it('stand by what they are about, and a group without any is left out', () => {
    const groups = readingsBy([reading('sm_active'), reading('nvlink_tx'), reading('last_xid')]);
    expect(groups.map(({ about }) => about)).toEqual(['activity', 'errors', 'links']);
  });
});

describe('the command that lists processes', () => {
  const holder = {
    namespace: 'team-1',
    pod: 'train-0',
    container: 'trainer',
    instance: '',
    workload_group: 'batch',
    workload_kind: 'Job',
    workload: 'train',
    queue: '',
    owner: '',
  };

  it('names the container where that is told', () => {
    expect(processesCommand(holder)).toBe(
      'kubectl exec -n team-1 train-0 -c trainer -- ps -eo pid,user,rss,args',
    );
    expect(processesCommand({ ...holder, container: '' })).not.toContain('-c');
  });

  it('quotes what a shell would read more into', () => {
    expect(processesCommand({ ...holder, pod: "a'; rm" })).toContain(" 'a'\\''; rm' ");
  });
});
