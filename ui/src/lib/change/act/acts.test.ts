import { describe, expect, it } from 'vitest';
import { actionOf, firstSaid } from './acts';

describe('an action', () => {
  it('waits until what it needs was said', () => {
    expect(actionOf('scale', {})).toBeNull();
    expect(actionOf('scale', { replicas: '-1' })).toBeNull();
    expect(actionOf('scale', { replicas: ' 4 ' })).toEqual({ do: 'scale', replicas: 4 });
    expect(actionOf('set_queue', { queue: ' ' })).toBeNull();
    expect(actionOf('set_image', { container: 'main' })).toBeNull();
    expect(actionOf('suspend', {})).toEqual({ do: 'suspend' });
  });

  it('takes a label away where no value is said', () => {
    expect(actionOf('label', { key: 'team', value: 'a' })).toEqual({
      do: 'label',
      key: 'team',
      value: 'a',
    });
    expect(actionOf('label', { key: 'team', value: '' })).toEqual({ do: 'label', key: 'team' });
  });

  it('drains with care unless somebody says otherwise, and waits no longer than is allowed', () => {
    expect(actionOf('drain', firstSaid('drain'))).toEqual({
      do: 'drain',
      force: false,
      delete_local_data: false,
      wait_seconds: 120,
    });
    expect(actionOf('drain', { wait_seconds: '601' })).toBeNull();
  });
});
