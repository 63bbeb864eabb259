/** What an expression was meant for: the plainest texts that it matches. */
import type { CharacterNode, ExpressionNode } from './expression.ts';

/** One character of a sample; wild where the expression takes others in its place on purpose. */
interface SampleCharacter {
  text: string;
  isWild: boolean;
}

export type Sample = readonly SampleCharacter[];

/** Choices multiply: beyond this number the first ones speak for the rest. */
const MOST_SAMPLES = 24;

/** What stands for a set of characters, in the order of likelihood in an origin. */
const LIKELY = ['a', '1', '-', '.', ':', '/'];

/** A few samples: each option once, optional parts with and without. */
export function samplesOf(node: ExpressionNode): Sample[] {
  return extend([[]], node, false);
}

export function textOf(sample: Sample): string {
  return sample.map(({ text }) => text).join('');
}

function extend(samples: readonly Sample[], node: ExpressionNode, isWild: boolean): Sample[] {
  switch (node.kind) {
    case 'character': {
      const added = sampleCharacter(node, isWild);
      return samples.map((sample) => [...sample, ...added]);
    }
    case 'sequence':
      return node.items.reduce<Sample[]>(
        (found, item) => extend(found, item, isWild),
        [...samples],
      );
    case 'choice':
      return limited(node.options.flatMap((option) => extend(samples, option, isWild)));
    case 'repeat': {
      const { item, least, most } = node;
      // A part that is there or not is no wildcard; anything that repeats is.
      const isOpen = isWild || most > 1;
      const counts = least > 0 ? [least] : [0, 1];
      return limited(
        counts.flatMap((count) =>
          Array.from({ length: Math.min(count, 8) }).reduce<Sample[]>(
            (found) => extend(found, item, isOpen && !isFixed(item)),
            [...samples],
          ),
        ),
      );
    }
    default:
      return [...samples];
  }
}

/** An unescaped dot outside of a repetition was meant as a dot. */
function sampleCharacter(node: CharacterNode, isWild: boolean): SampleCharacter[] {
  if (node.literal !== undefined) return [{ text: node.literal, isWild: false }];
  if (node.isDot && !isWild) return [{ text: '.', isWild: false }];
  const text = LIKELY.find((character) => node.matches(character));
  return text === undefined ? [] : [{ text, isWild: true }];
}

function isFixed(node: ExpressionNode): boolean {
  return node.kind === 'character' && node.literal !== undefined;
}

function limited(samples: Sample[]): Sample[] {
  return samples.slice(0, MOST_SAMPLES);
}
