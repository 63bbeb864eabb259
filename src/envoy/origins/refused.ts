/** What RE2 refuses in an expression: Envoy does not start with one. Source: RE2's syntax page and `re2/parse.cc`. */

const REPETITION = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;

/** RE2's own limit of a counted repetition. */
const MOST_REPEATS = 1000;

/** Why RE2 refuses an expression; undefined where nothing is known against it. */
export function refusedBecause(text: string): string | undefined {
  let depth = 0;
  let canRepeat = false;
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const escaped = /^\\(?:Q[\s\S]*?(?:\\E|$)|[\s\S])/.exec(rest)?.[0];
    const repetition = REPETITION.exec(rest)?.[0];
    if (rest === '\\') return 'a backslash at its end escapes nothing';
    if (escaped) {
      if (/^\\[1-9]$/.test(escaped)) return `it refers back with \`${escaped}\``;
      at += escaped.length;
      canRepeat = true;
    } else if (rest.startsWith('[')) {
      const set = /^\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]/.exec(rest)?.[0];
      if (!set) return 'a `[` is never closed';
      at += set.length;
      canRepeat = true;
    } else if (rest.startsWith('(')) {
      const look = /^\(\?(?:<?[=!]|>|P[=>]|#)/.exec(rest)?.[0];
      if (look) return `it looks around or refers back with \`${look}\``;
      at += /^\(\?(?:P?<\w+>|[a-zA-Z-]*:)?/.exec(rest)?.[0].length ?? 1;
      depth += 1;
      canRepeat = false;
    } else if (rest.startsWith(')')) {
      if (depth === 0) return 'a `)` closes nothing';
      at += 1;
      depth -= 1;
      canRepeat = true;
    } else if (repetition) {
      if (!canRepeat) return `\`${repetition}\` repeats nothing`;
      if (isTooOften(repetition)) return `\`${repetition}\` is no range up to ${MOST_REPEATS}`;
      at += repetition.length;
      // Of two repetitions in a row RE2 takes none.
      canRepeat = false;
    } else {
      canRepeat = !rest.startsWith('|');
      at += 1;
    }
  }
  return depth > 0 ? 'a `(` is never closed' : undefined;
}

function isTooOften(repetition: string): boolean {
  const [least = 0, most = least] = (repetition.match(/\d+/g) ?? []).map(Number);
  return most > MOST_REPEATS || most < least;
}
