/** What the Stack shows: its subscriptions, and the rows that they hold. */

import type { ClusterRow, Layer, LayerRow } from '$bindings/contract';
import { plain } from '$lib/format/text';
import { language } from '$lib/i18n/language.svelte';
import { navigation } from '$lib/state/navigation.svelte';
import { ordered, roles } from '$lib/state/role.svelte';
import { follow } from '$lib/stream/follow.svelte';
import { Pointing } from './pointing.svelte';

/** The rows of `cluster`; made while a component is, and unsubscribed with it. */
export class StackRows {
  readonly pointing = new Pointing();
  readonly #cluster: () => ClusterRow;

  readonly #stack = follow(() => ({
    topic: 'stack',
    cluster: this.#cluster().cluster,
    namespaces: [...navigation.address.namespaces],
  }));

  readonly #chosen = follow(() => this.#traceOf(navigation.address.path));

  // Pointing lights a path only while none is chosen: the chosen one stays.
  readonly #pointed = follow(() =>
    this.#traceOf(navigation.address.path === '' ? this.pointing.subject : ''),
  );

  // While lists are on their way, the longest one tells how far they are.
  readonly #watches = follow(() => {
    const { cluster, connection } = this.#cluster();
    return connection.state === 'live' && !connection.complete
      ? { topic: 'watches', cluster }
      : null;
  });

  readonly #layers = $derived(this.#stack.rowsOf('layer'));
  readonly tiles = $derived(this.#stack.rowsOf('tile'));
  readonly gpuNodes = $derived(this.#stack.rowsOf('gpu_node'));
  readonly attention = $derived(
    ordered(this.#stack.rowsOf('attention'), roles.chosen?.layers ?? []),
  );
  /** The lit path: the chosen one, or the one that is pointed at. */
  readonly trace = $derived(
    (navigation.address.path === '' ? this.#pointed : this.#chosen).rowsOf('trace')[0],
  );
  /** How far the lists are, while they are read; else empty. */
  readonly reading = $derived.by(() => {
    const loading = this.#watches
      .rowsOf('watch')
      .flatMap(({ kind, state }) => (state.state === 'loading' ? [{ kind, ...state }] : []))
      .sort((one, other) => other.so_far - one.so_far)[0];
    return loading === undefined
      ? ''
      : language.words.stack.loading(loading.so_far, loading.expected, plain(loading.kind));
  });

  constructor(cluster: () => ClusterRow) {
    this.#cluster = cluster;
  }

  get phase() {
    return this.#stack.phase;
  }

  /** Whether anything of it is still to come. */
  get isLoading(): boolean {
    return this.phase.state === 'waiting' || this.#layers.some((row) => row.loading);
  }

  /** Whether some of a layer, or of any, may not be read. */
  isForbidden(layer?: Layer): boolean {
    return this.#layers.some(
      (row) => (layer === undefined || row.layer === layer) && row.forbidden.length > 0,
    );
  }

  /** Whether the chosen path is still to come. */
  get isTracing(): boolean {
    return navigation.address.path !== '' && this.#chosen.phase.state === 'waiting';
  }

  /** The row of a layer; before it came, one of which nothing is known. */
  layer(layer: Layer): LayerRow {
    return (
      this.#layers.find((row) => row.layer === layer) ?? {
        layer,
        severity: 'unknown',
        tally: { ok: 0, paused: 0, unknown: 0, notice: 0, warning: 0, critical: 0 },
        counts: [],
        trend: [],
        trend_step_seconds: 0,
        forbidden: [],
        namespaces: [],
        loading: true,
      }
    );
  }

  /** What a subject is called. */
  nameOf(subject: string): string {
    const tile = this.tiles.find((one) => one.subject === subject);
    return tile?.name ?? subject.split('/').at(-1) ?? '';
  }

  #traceOf(subject: string) {
    return subject === ''
      ? null
      : ({
          topic: 'trace',
          cluster: this.#cluster().cluster,
          subject,
          direction: navigation.address.direction,
        } as const);
  }
}
