import { describe, expect, it } from 'vitest';
import { doubtsOf } from './supply';

describe('what is not known of devices for claims', () => {
  const live = { state: 'live' as const };

  it('is nothing where every list is live', () => {
    expect(doubtsOf({ slices: live, claims: live, classes: live, incomplete_pools: 0 })).toEqual(
      [],
    );
  });

  it('names the list that may not be read, with the permission', () => {
    const refused = { state: 'forbidden' as const, permission: 'list resourceclaims' };
    const supply = { slices: live, claims: refused, classes: live, incomplete_pools: 0 };
    expect(doubtsOf(supply)).toEqual([{ of: 'claims', state: refused }]);
  });
});
