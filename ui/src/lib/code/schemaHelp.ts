/** What the API server says of fields, in the editor: offered while one types, told on hover. */

import {
  autocompletion,
  completionKeymap,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { hoverTooltip, keymap, type EditorView } from '@codemirror/view';
import type { DescribedField, SchemaField } from '$bindings/contract';
import { plain } from '$lib/format/text';
import { fieldAt, placeAt, type Place } from './yamlPlace';

/** Says what a field of a kind is; `null` where that is not known. */
export type Describe = (
  apiVersion: string,
  kind: string,
  path: readonly string[],
) => Promise<DescribedField | null>;

/** Help by what `describe` says. */
export function schemaHelp(describe: Describe): Extension {
  return [
    autocompletion({
      override: [(context) => complete(describe, context)],
      icons: false,
      // The list opens while one types a name; on an empty line it is asked for.
      activateOnTyping: true,
    }),
    keymap.of(completionKeymap),
    hoverTooltip((view, at) => told(describe, view, at)),
  ];
}

async function complete(
  describe: Describe,
  context: CompletionContext,
): Promise<CompletionResult | null> {
  const place = placeAt(context.state.doc.toString(), context.pos);
  if (place === null || place.kind === '' || place.apiVersion === '') return null;
  const isEmpty = place.from === context.pos;
  if (isEmpty && !context.explicit && place.valueOf === null) return null;
  const path = place.valueOf === null ? place.path : [...place.path, place.valueOf];
  const field = await describe(place.apiVersion, place.kind, path);
  if (field === null || context.aborted) return null;
  const options =
    place.valueOf === null
      ? field.fields.map((one) => optionOf(one, place))
      : field.values.map((value) => ({ label: plain(value) }));
  return options.length === 0 ? null : { from: place.from, options, validFor: /^[\w.-]*$/ };
}

function optionOf(field: SchemaField, { column }: Place): Completion {
  return {
    label: plain(field.name),
    detail: plain(field.type_name) + (field.is_required ? ' *' : ''),
    info: () => described(field),
    // What has to be there stands first.
    boost: field.is_required ? 1 : 0,
    apply: written(field, column),
  };
}

/** A field as it is put in: with room below for what stands in it. */
export function written({ name, type_name: type }: SchemaField, column: number): string {
  const below = `\n${' '.repeat(column + 2)}`;
  if (type.startsWith('list of ')) return `${name}:${below}- `;
  return type === 'object' || type.startsWith('map of ') ? `${name}:${below}` : `${name}: `;
}

async function told(describe: Describe, view: EditorView, at: number) {
  const field = fieldAt(view.state.doc.toString(), at);
  if (field === null || field.kind === '') return null;
  const found = await describe(field.apiVersion, field.kind, [...field.path, field.name]);
  if (found === null || !found.is_known) return null;
  return {
    pos: field.from,
    end: field.to,
    above: true,
    create: () => ({ dom: described(found.about, found.values) }),
  };
}

/** What a field is, as text: nothing that a server writes is markup. */
function described(field: SchemaField, values: readonly string[] = []): HTMLElement {
  const box = document.createElement('div');
  box.className = 'cm-described';
  const head = box.appendChild(document.createElement('p'));
  head.className = 'cm-described-head';
  head.textContent = [field.name, field.type_name]
    .filter((text) => text !== '')
    .map(plain)
    .join(' · ');
  for (const text of [field.description, values.join(', ')]) {
    if (text === '') continue;
    box.appendChild(document.createElement('p')).textContent = plain(text);
  }
  return box;
}
