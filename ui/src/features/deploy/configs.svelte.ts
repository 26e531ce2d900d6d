/** The `config.json` files that were chosen, by model, as long as the program runs. */

class Configs {
  #texts = $state.raw<ReadonlyMap<string, string>>(new Map());

  /** The configuration of a model; empty where none was chosen. */
  of(model: string): string {
    return this.#texts.get(model) ?? '';
  }

  remember(model: string, text: string): void {
    this.#texts = new Map([...this.#texts, [model, text]]);
  }
}

export const configs = new Configs();
