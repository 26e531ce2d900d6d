/**
 * The YAML editor: CodeMirror in a shadow root. There it keeps its styles in constructed sheets, which a
 * Content-Security-Policy without `unsafe-inline` allows; in the page it would write `<style>` elements.
 */

import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { schemaHelp, type Describe } from './schemaHelp';

/** What is wrong at a line. */
export interface LineFault {
  /** The line, from 1; 0 where the whole text is meant. */
  readonly line: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

export interface YamlEditor {
  /** Shows another text; where it is what stands there already, the cursor stays. */
  show: (text: string) => void;
  /** Marks lines. */
  mark: (faults: readonly LineFault[]) => void;
  /** Moves the cursor to a line, and the focus. */
  goTo: (line: number) => void;
  destroy: () => void;
}

/** Names of the colours are the page's own: custom properties reach into a shadow root. */
const THEME = EditorView.theme({
  '&': { height: '100%', color: 'var(--t1)', backgroundColor: 'var(--bg0)', fontSize: '12px' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '18px', scrollbarWidth: 'thin' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)' },
  '.cm-gutters': {
    backgroundColor: 'var(--bg0)',
    color: 'var(--t3)',
    border: 'none',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--bg2)' },
  '.cm-activeLineGutter': { color: 'var(--t1)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'var(--accent-bg)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--bg4)',
    color: 'inherit',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--notice-ground)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--bg4)',
    border: 'none',
    color: 'var(--t2)',
    padding: '0 6px',
  },
  '.cm-specialChar': { color: 'var(--critical)' },
  '.cm-panels': { backgroundColor: 'var(--bg2)', color: 'var(--t1)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-textfield': {
    backgroundColor: 'var(--bg0)',
    border: '1px solid var(--edge)',
    borderRadius: '4px',
    color: 'var(--t1)',
  },
  '.cm-button': {
    backgroundColor: 'transparent',
    backgroundImage: 'none',
    border: '1px solid var(--line2)',
    borderRadius: '4px',
    color: 'var(--t1)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--bg2)',
    border: '1px solid var(--line2)',
    color: 'var(--t1)',
    fontFamily: 'var(--sans)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    maxHeight: '280px',
    fontFamily: 'var(--mono)',
    fontSize: '12px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px', lineHeight: '18px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--bg4)',
    color: 'var(--t1)',
  },
  '.cm-completionDetail': { color: 'var(--t3)', fontStyle: 'normal', fontSize: '11px' },
  '.cm-completionMatchedText': { color: 'var(--accent)', textDecoration: 'none' },
  '.cm-completionInfo': { maxWidth: '420px', padding: '0' },
  '.cm-described': {
    maxWidth: '460px',
    maxHeight: '260px',
    overflowY: 'auto',
    padding: '8px 12px',
    fontSize: '12px',
    lineHeight: '18px',
    color: 'var(--t2)',
    whiteSpace: 'pre-wrap',
  },
  '.cm-described p': { margin: '0' },
  '.cm-described-head': { fontFamily: 'var(--mono)', color: 'var(--t1)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--critical)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warning)' },
});

/** Weights and greys, no colours: in Strata colour means severity, layer or heat. */
const HIGHLIGHT = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--t2)' },
  { tag: [tags.string, tags.content, tags.bool, tags.number, tags.null], color: 'var(--t1)' },
  { tag: tags.keyword, color: 'var(--t1)', fontWeight: '600' },
  { tag: [tags.comment, tags.meta], color: 'var(--t3)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--t3)' },
]);

/** A change that `show` made, so that it is not reported as typed. */
const shown = Annotation.define<boolean>();

interface Options {
  readonly text: string;
  /** Its name for who cannot see it. */
  readonly label: string;
  readonly isReadOnly: boolean;
  /** Says what a field is; absent where nobody can. */
  readonly describe?: Describe | undefined;
  readonly onchange: (text: string) => void;
}

/** Puts an editor into `host`, which it alone fills. */
export function yamlEditor(host: HTMLElement, options: Options): YamlEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        bracketMatching(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        search(),
        yaml(),
        indentUnit.of('  '),
        syntaxHighlighting(HIGHLIGHT),
        // Before the other keys: Escape closes its list first.
        ...(options.describe === undefined ? [] : [schemaHelp(options.describe)]),
        THEME,
        EditorState.readOnly.of(options.isReadOnly),
        EditorView.contentAttributes.of({
          tabindex: '0',
          'aria-label': options.label,
          spellcheck: 'false',
          // One may always leave by keyboard: Escape, then Tab.
          'aria-keyshortcuts': 'Escape',
        }),
        keymap.of([
          ...defaultKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...searchKeymap,
          ...(options.isReadOnly ? [] : [indentWithTab]),
          {
            key: 'Escape',
            run: () => {
              host.focus();
              return true;
            },
          },
        ]),
        EditorView.updateListener.of((update) => {
          const isTyped = update.transactions.every((one) => one.annotation(shown) !== true);
          if (update.docChanged && isTyped) options.onchange(update.state.doc.toString());
        }),
      ],
    }),
  });

  function show(text: string): void {
    const before = view.state.doc.toString();
    if (before === text) return;
    view.dispatch({
      changes: { from: 0, to: before.length, insert: text },
      annotations: shown.of(true),
    });
  }

  function mark(faults: readonly LineFault[]): void {
    const { doc } = view.state;
    const diagnostics = faults.map(({ line, severity, message }): Diagnostic => {
      const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
      // From the first letter of the line: an indentation is not what is wrong.
      const from = at.from + (at.text.length - at.text.trimStart().length);
      return { from: Math.min(from, at.to), to: at.to, severity, message };
    });
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }

  function goTo(line: number): void {
    const { doc } = view.state;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    view.dispatch({
      selection: { anchor: at.from },
      effects: EditorView.scrollIntoView(at.from, { y: 'center' }),
    });
    view.focus();
  }

  return { show, mark, goTo, destroy: () => view.destroy() };
}
