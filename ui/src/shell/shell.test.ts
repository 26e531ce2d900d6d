import { describe, expect, it } from 'vitest';
import type { ClusterRow, Connection } from '$bindings/contract';
import type { Command, Place } from '$lib/keyboard/commands.svelte';
import { find } from './palette';
import { firstCluster } from './start';

const place = (label: string, hint = '', group: Place['group'] = 'tiles'): Place => ({
  id: label,
  label,
  hint,
  group,
  isObject: false,
  open: () => undefined,
});

describe('the palette', () => {
  const places = [
    place('Kubernetes', 'Platform'),
    place('Kueue', 'Platform'),
    place('prod', '/home/ada/.kube/config', 'clusters'),
    place('gpu-h100-45', 'H100'),
  ];

  it('finds every word of the text, names before hints', () => {
    expect(find(places, [], 'ku').map(({ label }) => label)).toEqual(['Kubernetes', 'Kueue']);
    expect(find(places, [], 'home').map(({ label }) => label)).toEqual(['prod']);
    expect(find(places, [], '45 gpu').map(({ label }) => label)).toEqual(['gpu-h100-45']);
    expect(find(places, [], 'moon')).toEqual([]);
  });

  it('offers the commands that want to be there, with their keys', () => {
    const command = (id: string, inPalette: boolean): Command => ({
      id,
      label: id,
      group: 'go',
      keys: ['w'],
      inPalette,
      run: () => true,
    });
    const found = find([], [command('watches', true), command('next', false)], '');
    expect(found.map(({ label, cap }) => [label, cap])).toEqual([['watches', 'W']]);
  });

  it('keeps groups together', () => {
    const mixed = [
      place('ab', '', 'clusters'),
      place('abc', '', 'tiles'),
      place('abd', '', 'clusters'),
    ];
    expect(find(mixed, [], 'ab').map(({ group }) => group)).toEqual([
      'clusters',
      'clusters',
      'tiles',
    ]);
  });
});

describe('the first cluster', () => {
  const cluster = (id: string, state: 'idle' | 'connecting', isDemo = false): ClusterRow => ({
    cluster: id,
    name: id,
    server: '',
    user: '',
    namespace: '',
    file: '',
    added_by_hand: false,
    is_current: false,
    is_demo: isDemo,
    hue: 0,
    connection: (state === 'idle'
      ? { state: 'idle' }
      : { state: 'connecting', step: 'tcp' }) satisfies Connection,
  });
  const demo = cluster('demo', 'idle', true);

  it('is the open one, else a connected one, else the demo cluster, else none', () => {
    const busy = cluster('busy', 'connecting');
    const own = cluster('own', 'idle');
    expect(firstCluster([demo, busy, own], ['own'])).toBe(own);
    expect(firstCluster([demo, busy, own], ['removed'])).toBe(busy);
    expect(firstCluster([own, demo], [])).toBe(demo);
    expect(firstCluster([own], [])).toBeUndefined();
  });
});
