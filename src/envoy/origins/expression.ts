/**
 * Regular expressions as Envoy reads them, matched in time that does not explode.
 *
 * JavaScript's own engine backtracks: an expression from somebody's manifest could keep it busy for ever. Source: RE2's syntax page
 * (github.com/google/re2/wiki/Syntax). What is not known here (word boundaries, Unicode classes) makes an expression unreadable.
 */
import { parseExpression } from './parse-expression.ts';

/** One character of a set; a literal knows which one it stands for. */
export interface CharacterNode {
  kind: 'character';
  matches(character: string): boolean;
  /** The character, where it is the only one. */
  literal?: string;
  /** Whether it is an unescaped dot, which people often take for a dot. */
  isDot?: boolean;
}

export type ExpressionNode =
  | CharacterNode
  | { kind: 'sequence'; items: readonly ExpressionNode[] }
  | { kind: 'choice'; options: readonly ExpressionNode[] }
  | { kind: 'repeat'; item: ExpressionNode; least: number; most: number }
  | { kind: 'start' }
  | { kind: 'end' };

/** Reads an RE2 expression; undefined where it is malformed or uses what is not known here. */
export function readExpression(text: string): ExpressionNode | undefined {
  return parseExpression(text);
}

/** A text as an expression that matches it alone. */
export function literalExpression(text: string, ignoreCase = false): ExpressionNode {
  const fold = (character: string) => (ignoreCase ? character.toLowerCase() : character);
  return {
    kind: 'sequence',
    items: Array.from(
      text,
      (literal): CharacterNode => ({
        kind: 'character',
        literal: fold(literal),
        matches: (character) => fold(character) === fold(literal),
      }),
    ),
  };
}

/** `.*`: what stands at the open end of a prefix, a suffix or a part. */
export const ANYTHING: ExpressionNode = {
  kind: 'repeat',
  item: { kind: 'character', matches: () => true, isDot: true },
  least: 0,
  most: Number.POSITIVE_INFINITY,
};

/** Whether an expression matches the whole of a text, as Envoy's `safe_regex` has to. */
export function matchesWhole(node: ExpressionNode, text: string): boolean {
  return endsOf(node, text, new Set([0])).has(text.length);
}

/** Where a match can end that begins at one of the places. */
function endsOf(node: ExpressionNode, text: string, starts: ReadonlySet<number>): Set<number> {
  switch (node.kind) {
    case 'character':
      return new Set(
        [...starts]
          .filter((at) => at < text.length && node.matches(text.charAt(at)))
          .map((at) => at + 1),
      );
    case 'sequence':
      return node.items.reduce<Set<number>>(
        (places, item) => (places.size === 0 ? places : endsOf(item, text, places)),
        new Set(starts),
      );
    case 'choice':
      return new Set(node.options.flatMap((option) => [...endsOf(option, text, starts)]));
    case 'repeat':
      return repeatEnds(node, text, starts);
    case 'start':
      return new Set([...starts].filter((at) => at === 0));
    case 'end':
      return new Set([...starts].filter((at) => at === text.length));
  }
}

/** Beyond the least number only places count that were not reached before: there are no more of them than characters. */
function repeatEnds(
  { item, least, most }: Extract<ExpressionNode, { kind: 'repeat' }>,
  text: string,
  starts: ReadonlySet<number>,
): Set<number> {
  let current = new Set(starts);
  for (let count = 0; count < least && current.size > 0; count += 1)
    current = endsOf(item, text, current);
  const found = new Set(current);
  for (let count = least; count < most && current.size > 0; count += 1) {
    const next = endsOf(item, text, current);
    current = new Set([...next].filter((at) => !found.has(at)));
    for (const at of current) found.add(at);
  }
  return found;
}
