/** What is not known of the devices for claims: pure. */

import type { DeviceSupplyRow, WatchState } from '$bindings/contract';

/** The lists that devices for claims are read from. */
export type SupplyList = 'slices' | 'claims' | 'classes';

const LISTS: readonly SupplyList[] = ['slices', 'claims', 'classes'];

/** The lists that are not live, with where each stands. */
export function doubtsOf(
  supply: DeviceSupplyRow,
): { of: SupplyList; state: Exclude<WatchState, { state: 'live' }> }[] {
  return LISTS.flatMap((of) => {
    const state = supply[of];
    return state.state === 'live' ? [] : [{ of, state }];
  });
}
