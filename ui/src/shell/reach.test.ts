import { describe, expect, it } from 'vitest';
import { reach } from '$lib/i18n/en/reach';
import { namespacesOf, partsOf } from './reach';

const PARTIAL = {
  state: 'partial' as const,
  permission: 'list pods',
  namespaces: [
    { namespace: 'team-b', standing: 'live' as const, reason: '' },
    { namespace: 'team-a', standing: 'live' as const, reason: '' },
    { namespace: 'vault', standing: 'forbidden' as const, reason: 'list pods in vault' },
  ],
};

describe('a watch that is kept to some namespaces', () => {
  it('names those in which something is seen once', () => {
    expect(namespacesOf([PARTIAL, PARTIAL])).toEqual(['team-a', 'team-b']);
  });

  it('tells where it is seen, where it is refused, and what is missing', () => {
    expect(partsOf(PARTIAL, reach)).toBe(
      'in team-b, team-a alone · refused in vault · in the whole cluster: list pods is missing',
    );
  });
});
