/** The words of the table of claims of devices. */

import type { DeviceClaimState } from '$bindings/contract';

export const deviceClaims = {
  title: 'Device claims',
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
  none: 'No ResourceClaims: no pod here asks for devices through DRA.',
  noneNext: 'Devices asked for as extended resources are in the other lists.',
};

export type DeviceClaimWords = typeof deviceClaims;
