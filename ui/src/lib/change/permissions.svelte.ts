/**
 * Which permissions are missing for what a screen offers, asked of the API server before a button is
 * pressed. What is not known is not locked: the preview of a change asks again, whatever stands here.
 */

import type { Deed, ObjectName, ReadPermissions } from '$bindings/contract';
import { call } from '$lib/api/call';
import { Question } from '$lib/api/question.svelte';
import { askedOf, unique } from './lacks';

/** What is offered: each deed, and the objects that it is done to. */
type Offered = Readonly<Partial<Record<Deed, readonly ObjectName[]>>>;

/** What one screen's offers lack. */
export class Lacking {
  readonly #question = new Question((request: ReadPermissions) =>
    call('read_permissions', request),
  );
  #deeds = $state.raw<readonly Deed[]>([]);

  ask(cluster: string, offered: Offered): void {
    const deeds = Object.entries(offered).map(([deed, objects]) => ({
      deed: deed as Deed,
      objects: askedOf(objects),
    }));
    this.#deeds = deeds.map(({ deed }) => deed);
    this.#question.ask(deeds.length === 0 ? null : { cluster, deeds });
  }

  /** What is missing for all of these; nothing while that is not known. */
  of(...deeds: readonly Deed[]): readonly string[] {
    const missing = this.#question.answer?.missing ?? [];
    const found = deeds.flatMap((deed) => missing[this.#deeds.indexOf(deed)] ?? []);
    return unique(found);
  }
}
