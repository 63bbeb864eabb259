/** URLs as browsers read them. */

/**
 * The URL in a text; undefined where it is none. `URL.canParse` cannot tell: from some thousand calls on, Node 20 takes
 * its quick way there, which reads `ü` as broken UTF-8 and answers no.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
