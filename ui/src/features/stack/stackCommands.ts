/** What keys do on the Stack, and where the palette can go on it. */

import type { Direction, GpuNodeRow, TileRow } from '$bindings/contract';
import { plain } from '$lib/format/text';
import type { Dictionary } from '$lib/i18n/en';
import type { Command, Place } from '$lib/keyboard/commands.svelte';
import { navigation } from '$lib/state/navigation.svelte';
import { LAYERS } from './measures';
import { enter, move } from '$lib/keyboard/roving';

const ARROWS = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
} as const;

/** The commands over the view's element; `back` closes what is open and tells whether anything was. */
export function stackCommands(
  words: Dictionary,
  view: HTMLElement | undefined,
  back: () => boolean,
): Command[] {
  const inView = (run: (element: HTMLElement) => boolean) => () => view !== undefined && run(view);
  const follow = (direction: Direction) => () => {
    navigation.go({ direction });
    return true;
  };
  const command = (
    id: string,
    label: string,
    keys: readonly string[],
    run: Command['run'],
    inPalette = false,
  ): Command => ({ id: `stack.${id}`, group: 'stack', label, keys, run, inPalette });

  return [
    command('back', words.command.back, ['Escape'], back),
    command(
      'next',
      words.command.next,
      ['j'],
      inView((element) => move(element, 'next')),
    ),
    command(
      'previous',
      words.command.previous,
      ['k'],
      inView((element) => move(element, 'previous')),
    ),
    command('arrows', words.command.arrows, Object.keys(ARROWS), (event) => {
      const way = event === undefined ? undefined : ARROWS[event.key as keyof typeof ARROWS];
      if (view === undefined || way === undefined) return false;
      event?.preventDefault();
      return move(view, way);
    }),
    // The focused item is a button, which Enter presses by itself.
    command('open', words.command.open, ['Enter'], () => false),
    ...LAYERS.map((layer, at) =>
      command(`layer.${layer}`, words.command.layer(words.layer[layer]), [`${at + 1}`], () =>
        enter(view?.querySelector(`[aria-labelledby="layer-${layer}"]`) ?? null),
      ),
    ),
    command('depends_on', words.command.dependsOn, ['d'], follow('depends_on'), true),
    command('would_fail', words.command.wouldFail, ['f'], follow('would_fail'), true),
  ];
}

/** Every tile and every GPU node, as places of the palette. */
export function stackPlaces(
  words: Dictionary,
  tiles: readonly TileRow[],
  gpuNodes: readonly GpuNodeRow[],
): Place[] {
  const place = (subject: string, label: string, hint: string, isObject: boolean): Place => ({
    id: subject,
    label: plain(label),
    hint: plain(hint),
    group: 'tiles',
    isObject,
    open: () => navigation.go({ view: 'stack', path: subject }),
  });
  return [
    ...tiles.map((tile) => place(tile.subject, tile.name, words.layer[tile.layer], tile.is_object)),
    ...gpuNodes.map(({ node, model }) => place(`node/${node}`, node, model, true)),
  ];
}
