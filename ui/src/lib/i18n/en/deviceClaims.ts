/** The words of the table of claims of devices. */

import type { DeviceClaimState } from '$bindings/contract';

export const deviceClaims = {
  title: 'Device claims',
  by: 'DRA claim',
  claim: 'Claim',
  namespace: 'Namespace',
  state: 'State',
  states: {
    pending: 'pending',
    allocated: 'allocated',
    reserved: 'in use',
  } satisfies Record<DeviceClaimState, string>,
  device: 'Device',
  driver: 'Driver',
  node: 'Node',
  pod: 'Reserved for',
  age: 'Age',
  loading: 'The list of claims is on its way.',
  notServed: 'No ResourceClaim: this cluster does not serve DRA (resource.k8s.io).',
  forbidden: 'Not known: claims may not be listed here. What is missing:',
  failed: 'Not known: the list of claims could not be read, and is read again.',
  none: 'No ResourceClaims: no pod here asks for devices through DRA.',
  noneNext: 'Devices asked for as extended resources are in the other lists.',
};

export type DeviceClaimWords = typeof deviceClaims;
