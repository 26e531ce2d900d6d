/** The words of the table of claims of devices. */

import type { DeviceClaimState } from '$bindings/contract';

export const deviceClaims = {
  title: 'Claims of devices',
  by: 'DRA claim',
  claim: 'Claim',
  state: 'State',
  states: {
    pending: 'pending',
    allocated: 'allocated',
    reserved: 'in use',
  } satisfies Record<DeviceClaimState, string>,
  device: 'Device',
  node: 'Node',
  pod: 'Reserved for',
  age: 'Age',
  none: 'No ResourceClaim: no pod here asks for devices by DRA.',
  noneNext: 'What pods ask for by extended resources stands under the other lists.',
};

export type DeviceClaimWords = typeof deviceClaims;
