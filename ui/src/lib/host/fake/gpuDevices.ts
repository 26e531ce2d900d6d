/** Devices of the design data that drivers publish for claims. */

import type { DeviceOfferRow, DeviceSupplyRow, WatchState } from '$bindings/contract';

/** How far they are known: in the scene without permissions nobody may list claims. */
export function deviceSupply(scene: string): DeviceSupplyRow {
  const live: WatchState = { state: 'live' };
  const claims: WatchState =
    scene === 'forbidden'
      ? { state: 'forbidden', permission: 'list resourceclaims.resource.k8s.io' }
      : live;
  return { slices: live, claims, classes: live, incomplete_pools: scene === 'forbidden' ? 1 : 0 };
}

export function deviceOffers(scene: string): DeviceOfferRow[] {
  const areClaimsKnown = scene !== 'forbidden';
  return [
    {
      driver: 'gpu.nvidia.com',
      kind: 'gpu',
      model: 'L40S',
      classes: [
        { name: 'gpu.nvidia.com', may_be_fewer: false },
        { name: 'large-gpus', may_be_fewer: true },
      ],
      nodes: 8,
      published: 32,
      ...(areClaimsKnown ? { allocated: 19 } : {}),
      tainted: 1,
      taints: ['gpu.nvidia.com/xid=79:NoExecute'],
    },
    {
      driver: 'gpu.nvidia.com',
      kind: 'mig',
      model: 'L40S',
      classes: [{ name: 'mig.nvidia.com', may_be_fewer: false }],
      nodes: 2,
      published: 28,
      ...(areClaimsKnown ? { allocated: 0 } : {}),
      tainted: 0,
      taints: [],
    },
  ];
}
