/** Where the user is. The address stands behind the `#` of the page, so that a reload finds it. */

import { NOWHERE, read, written, type Address } from './address';

class Navigation {
  address = $state.raw<Address>(NOWHERE);
  /** The address as it can be copied. */
  readonly text: string = $derived(written(this.address));

  /** Reads the page's address and follows it; returns what stops that. */
  start(fallback: string): () => void {
    this.address = read(location.hash) ?? read(fallback) ?? NOWHERE;
    this.#write('replace');
    const moved = () => {
      const found = read(location.hash);
      if (found !== null) this.address = found;
    };
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }

  /** Goes on: a new entry of the history. */
  go(change: Partial<Address>): void {
    const before = this.text;
    // Another view has choices of its own.
    const isOther = change.view !== undefined && change.view !== this.address.view;
    this.address = { ...this.address, ...(isOther ? { options: {} } : {}), ...change };
    if (this.text !== before) this.#write('push');
  }

  /** Goes on in the same entry of the history. */
  adjust(change: Partial<Address>): void {
    this.address = { ...this.address, ...change };
    this.#write('replace');
  }

  /** Changes some options of the address; an empty one leaves it. */
  readonly set = (change: Record<string, string>, how: 'go' | 'adjust' = 'adjust'): void => {
    const options = { ...this.address.options, ...change };
    this[how]({
      options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== '')),
    });
  };

  #write(how: 'push' | 'replace'): void {
    const hash = `#/${this.text.replace('strata://', '')}`;
    if (how === 'push') history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
  }
}

export const navigation = new Navigation();
