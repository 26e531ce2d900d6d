/** The desktop shell: four commands, and a channel for each subscription. */

import { Channel, invoke } from '@tauri-apps/api/core';
import type { Frame } from '$bindings/contract';
import { asApiError, type Host, type Subscribed } from './host';

export function tauriHost(): Host {
  return {
    async call(operation, request) {
      try {
        return await invoke('call', { operation, request });
      } catch (thrown) {
        throw asApiError(thrown);
      }
    },

    async subscribe(topic, listener): Promise<Subscribed> {
      // The channel may be faster than the command's answer: hold frames until the caller has it.
      let held: Frame[] | null = [];
      const channel = new Channel<Frame>((frame) => {
        if (held === null) listener.onframe(frame);
        else held.push(frame);
      });
      let subscription: number;
      try {
        subscription = await invoke<number>('subscribe', { topic, channel });
      } catch (thrown) {
        throw asApiError(thrown);
      }
      const lost = (thrown: unknown) => listener.onlost(asApiError(thrown));
      setTimeout(() => {
        const early = held ?? [];
        held = null;
        early.forEach((frame) => listener.onframe(frame));
      });
      return {
        acknowledge: (seq) => void invoke('acknowledge', { subscription, seq }).catch(lost),
        unsubscribe: () => {
          channel.onmessage = () => undefined;
          // It may have ended by itself: nothing is left to do then.
          invoke('unsubscribe', { subscription }).catch(() => undefined);
        },
      };
    },

    onlink(listener) {
      listener({ state: 'up' });
      return () => undefined;
    },
  };
}
