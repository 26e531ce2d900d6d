/**
 * Which clusters are protected, and until when one is unlocked. The engine enforces it whatever stands
 * here; this is what it answered last, so that buttons say it before they are pressed.
 */

import type { Protection } from '$bindings/contract';
import { call } from '$lib/api/call';

/** How long a cluster is unlocked, in minutes: the usual first. */
export const UNLOCK_MINUTES = [15, 60, 480] as const;

/** Seconds until it is locked again; 0 where it is locked, or not protected. */
export function secondsOpen(protection: Protection | undefined, now: number): number {
  if (protection?.is_protected !== true || protection.unlocked_until === undefined) return 0;
  const until = Date.parse(protection.unlocked_until);
  return Number.isNaN(until) ? 0 : Math.max(0, (until - now) / 1000);
}

/** Whether nothing can be changed in it now. */
export function isLocked(protection: Protection | undefined, now: number): boolean {
  return protection?.is_protected === true && secondsOpen(protection, now) === 0;
}

class Protections {
  #known = $state.raw<ReadonlyMap<string, Protection>>(new Map());
  readonly #asked = new Set<string>();

  /** What is known of a cluster; nothing before it was read. */
  of(cluster: string): Protection | undefined {
    return this.#known.get(cluster);
  }

  /** Sees to it that the protection of a cluster is known. */
  know(cluster: string): void {
    if (this.#asked.has(cluster)) return;
    this.#asked.add(cluster);
    this.look(cluster);
  }

  /** Reads it anew; what cannot be read stays as it was, for the engine holds it all the same. */
  look(cluster: string): void {
    this.read(cluster).catch(() => undefined);
  }

  /** Reads it anew: another window or the command line may have changed it. */
  async read(cluster: string): Promise<void> {
    this.#keep(await call('read_protection', { cluster }));
  }

  /** Unlocks a cluster by its typed name. Rejects where that is not its name. */
  async unlock(cluster: string, typed: string, minutes: number): Promise<void> {
    this.#keep(await call('unlock_cluster', { cluster, typed, minutes }));
  }

  async lock(cluster: string): Promise<void> {
    this.#keep(await call('unlock_cluster', { cluster, typed: '', minutes: 0 }));
  }

  async protect(cluster: string): Promise<void> {
    this.#keep(await call('protect_cluster', { cluster, is_protected: true, typed: '' }));
  }

  /** Takes the protection away, by the typed name. */
  async unprotect(cluster: string, typed: string): Promise<void> {
    this.#keep(await call('protect_cluster', { cluster, is_protected: false, typed }));
  }

  #keep(protection: Protection): void {
    this.#known = new Map([...this.#known, [protection.cluster, protection]]);
  }
}

export const protections = new Protections();
