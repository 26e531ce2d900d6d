/**
 * A host of design data: every screen and every state without an engine.
 *
 * `?fake=SCENE` names the scene: `stack`, `thousand`, `loading`, `connecting`, `stale`, `forbidden`, `partial`,
 * `failed`, `approval`, `idle`, `empty`, `refused`, `lost`, `locked`, `full` or `first`; in Deploy also `conflict`,
 * `protected` or `broken`; in Workstation also `none`, `mismatch`, `hung` or
 * `readonly`, and in its trials `key`.
 */

import type { Frame, Topic } from '$bindings/contract';
import { apiError, type Host, type Listener, type Subscribed } from '../host';
import { answersOf } from './answers';
import { rowsOf, SURVEYS } from './rows';

const HEARTBEAT = 2_000;
/** What the scene `refused` cannot be asked, beside the surveys. */
const REFUSED: readonly Topic['topic'][] = ['stack', 'gpus', 'gpu', 'gpu_nodes', 'device_claims'];

export function fakeHost(scene: string): Host {
  const answers = answersOf(scene);
  return {
    call: (operation, request) =>
      new Promise((resolve, reject) => {
        setTimeout(() => {
          try {
            resolve(answers[operation](request));
          } catch (thrown) {
            reject(thrown);
          }
        }, 30);
      }),

    subscribe: (topic, listener) =>
      scene === 'refused' && (REFUSED.includes(topic.topic) || topic.topic in SURVEYS)
        ? Promise.reject(
            apiError('internal', `the engine could not project the ${topic.topic}`, [
              'a row of kind `tile` has no subject',
            ]),
          )
        : Promise.resolve(play(scene, topic, listener)),

    onlink: (listener) => {
      if (scene === 'lost') listener({ state: 'lost', since: Date.now() - 9_000 });
      else if (scene === 'locked') listener({ state: 'locked' });
      else listener({ state: 'up' });
      return () => undefined;
    },
  };
}

/** A snapshot, then heartbeats. */
function play(scene: string, topic: Topic, listener: Listener): Subscribed {
  let seq = 0;
  const send = (frame: Frame) => listener.onframe(frame);
  // Nothing of a survey is told before its lists were read.
  const isToCome = scene === 'loading' && topic.topic in SURVEYS;
  const first = setTimeout(() => {
    if (isToCome) return;
    const { rows, total } = rowsOf(scene, topic);
    const count = total ?? rows.length;
    send({
      frame: 'snapshot',
      seq,
      body: {
        total: count,
        unfiltered: count,
        order: rows.map(({ id }) => id),
        upsert: rows,
        drop: [],
      },
    });
  }, 40);
  const isTrial = topic.topic === 'answer' || topic.topic === 'load_test';
  const beat = setInterval(
    () => {
      seq += 1;
      if (['clusters', 'gpu_map', 'workstation'].includes(topic.topic) || isTrial) {
        const { rows } = rowsOf(scene, topic, seq);
        const isOrdered = isTrial || topic.topic === 'workstation';
        // From here on it is the interface's work: what tests/e2e/measure reads.
        performance.mark('fake-frame');
        send({
          frame: 'delta',
          seq,
          body: {
            total: rows.length,
            unfiltered: rows.length,
            ...(isOrdered ? { order: rows.map(({ id }) => id) } : {}),
            upsert: rows,
            drop: [],
          },
        });
      } else {
        send({ frame: 'heartbeat', seq });
      }
    },
    isTrial ? 100 : HEARTBEAT,
  );
  return {
    acknowledge: () => undefined,
    unsubscribe: () => {
      clearTimeout(first);
      clearInterval(beat);
    },
  };
}
