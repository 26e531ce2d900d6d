/** What the frame offers in every view: its commands with their keys, and the places to go to. */

import type { ClusterRow } from '$bindings/contract';
import { copyText } from '$lib/components/clipboard';
import { plain } from '$lib/format/text';
import { language } from '$lib/i18n/language.svelte';
import type { Command, Place } from '$lib/keyboard/commands.svelte';
import { VIEWS } from '$lib/state/address';
import { navigation } from '$lib/state/navigation.svelte';
import { preferences } from '$lib/state/preferences.svelte';

/** What the commands do to the frame. */
interface Frame {
  /** Whether what is shown can be narrowed to namespaces. */
  readonly hasFilter: boolean;
  readonly openPalette: () => void;
  readonly openHelp: () => void;
  readonly openFilter: () => void;
  readonly toggleWatches: () => void;
}

/** The commands of the frame. */
export function frameCommands(frame: Frame): Command[] {
  const words = language.words;
  return [
    {
      id: 'palette',
      label: words.command.palette,
      group: 'go',
      keys: ['Mod+k'],
      whileTyping: true,
      run: (event) => {
        event?.preventDefault();
        frame.openPalette();
        return true;
      },
    },
    ...(!frame.hasFilter
      ? []
      : [
          {
            id: 'filter',
            label: words.command.filter,
            group: 'go' as const,
            keys: ['/'],
            inPalette: true,
            run: (event?: KeyboardEvent) => {
              event?.preventDefault();
              frame.openFilter();
              return true;
            },
          },
        ]),
    {
      id: 'watches',
      label: words.command.watches,
      group: 'go',
      keys: ['w'],
      inPalette: true,
      run: () => {
        frame.toggleWatches();
        return true;
      },
    },
    {
      id: 'copy',
      label: words.command.copyAddress,
      group: 'go',
      keys: ['c'],
      inPalette: true,
      run: () => {
        void copyText(navigation.text);
        return true;
      },
    },
    {
      id: 'help',
      label: words.command.help,
      group: 'go',
      keys: ['?'],
      inPalette: true,
      run: () => {
        frame.openHelp();
        return true;
      },
    },
    ...(navigation.address.view === 'stack' || navigation.address.view === 'try'
      ? []
      : [
          {
            id: 'back',
            label: words.command.back,
            group: 'go' as const,
            keys: ['Escape'],
            run: () => {
              if (navigation.address.cluster === '') return false;
              navigation.go({ view: 'stack', options: {} });
              return true;
            },
          },
        ]),
    ...(['dark', 'light', 'system'] as const).map((theme) => ({
      id: `theme.${theme}`,
      label: {
        dark: words.command.themeDark,
        light: words.command.themeLight,
        system: words.command.themeSystem,
      }[theme],
      group: 'settings' as const,
      keys: [],
      inPalette: true,
      run: () => {
        preferences.choose({ theme });
        return true;
      },
    })),
    ...(['en', 'zh'] as const).map((choice) => ({
      id: `language.${choice}`,
      label: choice === 'en' ? words.command.english : words.command.chinese,
      group: 'settings' as const,
      keys: [],
      inPalette: true,
      run: () => {
        preferences.choose({ language: choice });
        return true;
      },
    })),
  ];
}

/** The views, and the clusters that one can look at. */
export function framePlaces(
  clusters: readonly ClusterRow[],
  look: (cluster: ClusterRow) => void,
): Place[] {
  const words = language.words;
  return [
    ...VIEWS.filter((view) => view !== 'clusters' && view !== 'try').map((view) => ({
      id: `view ${view}`,
      label: words.frame[view],
      hint: '',
      group: 'view' as const,
      isObject: false,
      open: () => navigation.go({ view, options: {} }),
    })),
    {
      id: 'view try',
      label: words.playground.title,
      hint: words.frame.deploy,
      group: 'view' as const,
      isObject: false,
      open: () => navigation.go({ view: 'try', options: {} }),
    },
    {
      id: 'view machine',
      label: words.local.title,
      hint: `${words.frame.deploy} Docker Podman Ollama`,
      group: 'view' as const,
      isObject: false,
      open: () => navigation.go({ view: 'deploy', options: { part: 'machine' } }),
    },
    {
      id: 'view clusters',
      label: words.frame.addCluster,
      hint: '',
      group: 'view' as const,
      isObject: false,
      open: () => navigation.go({ view: 'clusters' }),
    },
    ...clusters.map((row) => ({
      id: `cluster ${row.cluster}`,
      label: plain(row.name),
      hint: row.is_demo ? words.clusters.demo : plain(row.file),
      group: 'clusters' as const,
      isObject: true,
      open: () => look(row),
    })),
  ];
}
