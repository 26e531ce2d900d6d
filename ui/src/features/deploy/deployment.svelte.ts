/** What is being deployed: kept while one looks at other views, until another recipe is begun. */

import type { Choice, FieldChoice, ObjectName } from '$bindings/contract';
import { withChoice } from '$lib/change/difference';
import { isSame, type Value } from './controls/values';

class Deployment {
  /** The recipe that the values are for; empty for none. */
  recipe = $state.raw('');
  /** The release whose values they were, as `NAMESPACE/NAME`; empty where it is to be a new one. */
  of = $state.raw('');
  /** The values that differ from the defaults, by parameter. */
  values = $state.raw<Readonly<Record<string, Value>>>({});
  /** The parameters that somebody gave a value or took it from. */
  touched = $state.raw<ReadonlySet<string>>(new Set());
  /** The manifests as edited by hand; `null` where they are what the recipe makes. */
  edited = $state.raw<string | null>(null);
  /** What becomes of fields that others own. */
  choices = $state.raw<readonly FieldChoice[]>([]);
  /** Manifests of one's own, that no recipe made. */
  own = $state.raw('');
  ownChoices = $state.raw<readonly FieldChoice[]>([]);
  /** Counts how often fields were filled from outside, so that controls begin anew. */
  filled = $state.raw(0);

  /** Whether this is the recipe at hand, for this release or a new one. */
  isAbout(recipe: string, of = ''): boolean {
    return recipe === this.recipe && of === this.of;
  }

  /** Begins a recipe; where it is the one at hand, its values stay. */
  begin(recipe: string): void {
    if (!this.isAbout(recipe)) this.fill(recipe, {});
  }

  /** Fills in a recipe with values, such as those of a release. */
  fill(recipe: string, values: Readonly<Record<string, Value>>, of = ''): void {
    this.recipe = recipe;
    this.of = of;
    this.values = values;
    this.edited = null;
    this.choices = [];
    this.touched = new Set();
    this.filled += 1;
  }

  /** Gives a parameter a value. What is the default is not given. */
  set(parameter: string, value: Value, byDefault: Value): void {
    const others = Object.entries(this.values).filter(([id]) => id !== parameter);
    this.values = Object.fromEntries(
      isSame(value, byDefault) ? others : [...others, [parameter, value] as const],
    );
    this.touched = new Set([...this.touched, parameter]);
    this.edited = null;
  }

  /** Gives a parameter its default back. */
  reset(parameter: string): void {
    this.values = Object.fromEntries(
      Object.entries(this.values).filter(([id]) => id !== parameter),
    );
    this.edited = null;
    this.filled += 1;
  }

  edit(yaml: string | null): void {
    this.edited = yaml;
    this.choices = [];
  }

  writeOwn(yaml: string): void {
    this.own = yaml;
    this.ownChoices = [];
  }

  /** Chooses what becomes of a field that another owns. */
  choose(object: ObjectName, path: string, choice: Choice): void {
    this.choices = withChoice(this.choices, { object, path, choice });
  }

  /** The same, of manifests of one's own. */
  chooseOwn(object: ObjectName, path: string, choice: Choice): void {
    this.ownChoices = withChoice(this.ownChoices, { object, path, choice });
  }
}

export const deployment = new Deployment();
