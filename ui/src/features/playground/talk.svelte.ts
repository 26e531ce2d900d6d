/**
 * What was said to each server, and how it is asked. It lives as long as the window, and is kept
 * nowhere: neither prompts nor keys.
 */

import type { AnswerRow, LoadTestRow, ServerKey } from '$bindings/contract';

/** Something that was said. */
export interface Spoken {
  readonly by: 'user' | 'assistant';
  readonly text: string;
  readonly thought: string;
  /** How the answer went; of an answer alone. */
  readonly answer?: AnswerRow;
}

export class Talk {
  spoken = $state.raw<readonly Spoken[]>([]);
  /** What stands in the field and was not sent. */
  draft = $state('');
  system = $state('');
  api = $state<'chat' | 'completion'>('chat');
  model = $state('');
  temperature = $state('');
  maxTokens = $state('512');
  isStreamed = $state(true);
  keyFrom = $state<ServerKey['from']>('nobody');
  secretName = $state('');
  secretField = $state('');
  typedKey = $state('');
  /** The answer that is under way; empty for none. */
  trial = $state('');

  requests = $state('50');
  concurrency = $state('4');
  promptKind = $state<'made' | 'own'>('made');
  promptTokens = $state('256');
  prompt = $state('');
  outputTokens = $state('128');
  /** The load test that runs; empty for none. */
  test = $state('');
  /** The last test that is over. */
  result = $state.raw<LoadTestRow | null>(null);

  get key(): ServerKey {
    switch (this.keyFrom) {
      case 'typed':
        return { from: 'typed', key: this.typedKey };
      case 'secret':
        return { from: 'secret', secret: { name: this.secretName, field: this.secretField } };
      case 'nobody':
        return { from: 'nobody' };
    }
  }

  /** Whether a key is chosen and not given. */
  get isKeyMissing(): boolean {
    if (this.keyFrom === 'typed') return this.typedKey.trim() === '';
    return this.keyFrom === 'secret' && (this.secretName === '' || this.secretField === '');
  }

  clear(): void {
    this.spoken = [];
    this.draft = '';
  }
}

const talks: Record<string, Talk> = {};

/** The talk with a server, by its cluster and address. */
export function talkWith(server: string): Talk {
  return (talks[server] ??= new Talk());
}
