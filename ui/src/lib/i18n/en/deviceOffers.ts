/** The words of the devices that drivers publish for claims (DRA). */

import { grouped } from '$lib/format/number';

export const deviceOffers = {
  title: 'Devices that drivers publish for claims (DRA)',
  driver: 'Driver',
  kind: 'Type',
  model: 'Model',
  class: 'Device class',
  classNote: 'the classes whose selectors name the driver and type; others are not evaluated',
  some: '(some)',
  nodes: 'Nodes',
  published: 'Published',
  allocated: 'Allocated',
  tainted: 'Tainted',
  taintNote: 'taints of the slices; what a DeviceTaintRule adds is not known here',
  taints: 'taints:',
  notKnown: 'not known: claims could not be read',
  lists: {
    slices: 'What is published (ResourceSlice)',
    claims: 'What claims were given (ResourceClaim)',
    classes: 'Device classes (DeviceClass)',
  },
  forbidden: 'not known; missing permission:',
  failed: 'not known; the list could not be read, and is read again:',
  stale: (since: string) => `as of ${since}:`,
  loading: 'the list is on its way',
  notServed: 'not served by this cluster',
  incomplete: (pools: number) =>
    `Slices are missing of ${grouped(pools)} ${pools === 1 ? 'pool' : 'pools'}: the devices are not given out, and in no number.`,
  note: 'A driver may publish a device whole and in every part it could be cut into, so rows are not added up.',
};

export type DeviceOfferWords = typeof deviceOffers;
