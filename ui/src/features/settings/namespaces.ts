/** Names of namespaces as they are typed. */

/** The names in a text that separates them by commas or white space, each once. */
export function namesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,，、]+/).filter((name) => name !== ''))];
}
