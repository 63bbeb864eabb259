/**
 * Whether text or a value nests deeper than any config.
 *
 * Parsers of YAML are recursive, and near the end of the stack V8 may end the whole process (a regular expression that
 * cannot be compiled any more) instead of throwing. So the depth is bounded before a parser sees the text.
 */

/** Levels. The deepest field of the schema is at level 8; a DNS-01 solver may be a few deeper. */
const DEEPEST = 100;

/** Whether YAML text may nest deeper than 100 levels: by brackets, by indentation or by `- - -` on one line. */
export function isTooDeepText(text: string): boolean {
  let depth = 0;
  // Brackets count wherever they stand, comments and texts included: no config comes near the limit.
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > DEEPEST) return true;
  }
  return /(?:[-?]?[ \t]){200}/.test(text);
}

/**
 * Whether a value is a tree of at most 100 levels. YAML's aliases can make one that contains itself; where they only
 * share a value, it is looked at once.
 */
export function isTree(
  value: unknown,
  above: Set<unknown> = new Set(),
  done: Set<unknown> = new Set(),
): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return true;
  if (above.has(value) || above.size > DEEPEST) return false;
  above.add(value);
  const good = Object.values(value).every((child) => isTree(child, above, done));
  above.delete(value);
  done.add(value);
  return good;
}
