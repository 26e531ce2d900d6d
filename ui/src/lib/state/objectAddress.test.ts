import { expect, it } from 'vitest';
import { objectIn, objectText } from './objectAddress';

it('an object is found again from its address, with a namespace or without', () => {
  for (const object of [
    { kind: 'Deployment.apps', namespace: 'team-a', name: 'web' },
    { kind: 'Node', namespace: '', name: 'gpu-1' },
  ])
    expect(objectIn(objectText(object))).toEqual(object);
});

it('a text that names no object is none', () => {
  for (const text of ['', 'Node', 'Node/gpu-1', '//web']) expect(objectIn(text)).toBeNull();
});
