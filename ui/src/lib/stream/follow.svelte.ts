/** Subscriptions that live as long as the component that asks for them. */

import type { Topic } from '$bindings/contract';
import { host } from '$lib/api/call';
import { Subscription } from './subscription.svelte';

/**
 * A subscription to whatever `topic` answers; to nothing while it answers `null`. Rows survive a
 * change of topic that keeps its `meaning` (a window that moves over the same list).
 */
export function follow(
  topic: () => Topic | null,
  meaning: (topic: Topic) => string = (asked) => JSON.stringify(asked),
): Subscription {
  const subscription = new Subscription(host());
  // Equal topics are one topic, whatever objects carry them.
  const text = $derived(JSON.stringify(topic()));
  let held: string | null = null;

  // Speaks to the engine: subscribes, and unsubscribes when the component goes.
  $effect(() => {
    const asked = JSON.parse(text) as Topic | null;
    if (asked === null) {
      held = null;
      subscription.stop();
      return;
    }
    const means = meaning(asked);
    subscription.follow(asked, means === held);
    held = means;
  });
  $effect(() => () => subscription.stop());

  return subscription;
}
