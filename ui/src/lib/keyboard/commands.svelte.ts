/** The one registry of commands: keys, the help and the palette all read it, so none can lie. */

import { SvelteSet } from 'svelte/reactivity';
import type { Dictionary } from '$lib/i18n/en';
import { nameOfPress } from './keys';

export interface Command {
  readonly id: string;
  /** What it does; in the help and the palette. */
  readonly label: string;
  readonly group: keyof Dictionary['group'];
  /** The keys, as `nameOfPress` says them; may be empty for the palette alone. */
  readonly keys: readonly string[];
  /** Runs it; `false` lets the press go on to the element under it. */
  run(event?: KeyboardEvent): boolean | undefined;
  /** Whether the palette offers it too. */
  readonly inPalette?: boolean;
  /** Whether it also runs while text is being typed. */
  readonly whileTyping?: boolean;
}

/** Something that the palette can go to. */
export interface Place {
  readonly id: string;
  readonly label: string;
  /** Lesser words beside it. */
  readonly hint: string;
  readonly group: keyof Dictionary['group'];
  /** Whether the label is an object's name, drawn in mono. */
  readonly isObject: boolean;
  open(): void;
}

type Source<T> = () => readonly T[];

export class Commands {
  readonly #commands = new SvelteSet<Source<Command>>();
  readonly #places = new SvelteSet<Source<Place>>();

  /** What can be done now; what was registered last comes first. */
  get all(): Command[] {
    return [...this.#commands].reverse().flatMap((source) => [...source()]);
  }

  /** What can be gone to now. */
  get places(): Place[] {
    return [...this.#places].flatMap((source) => [...source()]);
  }

  /** Offers commands; returns what takes them back. */
  offer(source: Source<Command>): () => void {
    this.#commands.add(source);
    return () => this.#commands.delete(source);
  }

  /** Offers places; returns what takes them back. */
  offerPlaces(source: Source<Place>): () => void {
    this.#places.add(source);
    return () => this.#places.delete(source);
  }

  /** Runs the command of a key press; whether one ran. */
  press(event: KeyboardEvent, isTyping: boolean): boolean {
    const name = nameOfPress(event);
    for (const command of this.all) {
      if (!command.keys.includes(name)) continue;
      if (isTyping && command.whileTyping !== true) continue;
      if (command.run(event) !== false) return true;
    }
    return false;
  }
}

export const commands = new Commands();

/** Whether a press on `target` is text. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    // An editor in a shadow root shows its host alone.
    (target instanceof HTMLElement && target.dataset['typing'] !== undefined)
  );
}

/** Offers commands as long as the component lives. */
export function offer(source: Source<Command>): void {
  // Speaks to the registry, which outlives the component.
  $effect(() => commands.offer(source));
}

/** Offers places as long as the component lives. */
export function offerPlaces(source: Source<Place>): void {
  // Speaks to the registry, which outlives the component.
  $effect(() => commands.offerPlaces(source));
}
