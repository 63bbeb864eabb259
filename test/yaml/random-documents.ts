/** Random YAML documents in every style that people and tools write, for properties that have to hold for all of them. */
import fc from '../support/fast-check.ts';

/** A value with the way in which it is written. */
export type RandomNode =
  | { kind: 'scalar'; source: string; anchor: boolean }
  | { kind: 'block'; header: string; lines: string[]; blank: number; comment: boolean }
  | { kind: 'folded'; words: string[]; quote: '"' | "'" }
  | { kind: 'alias'; choice: number }
  | { kind: 'empty'; anchor: boolean }
  | RandomMap
  | RandomList;

interface Layout {
  flow: boolean;
  /** How the lines of a flow collection are broken, or a list in a map is indented. */
  spread: boolean;
  anchor: boolean;
}

export interface RandomMap extends Layout {
  kind: 'map';
  merge: boolean;
  entries: { key: string; explicit: boolean; space: Space; value: RandomNode }[];
}

export interface RandomList extends Layout {
  kind: 'list';
  items: { space: Space; value: RandomNode }[];
}

/** What stands around an entry. */
interface Space {
  blankBefore: boolean;
  commentBefore: boolean;
  commentAfter: boolean;
}

export const scalarSources = [
  'word',
  'two words',
  'a:b',
  'https://x.example:443/p?q=1',
  '${NAME:default}',
  '{{.Host}}:443',
  '{{ .Port }}',
  '\'{{ "x" }}\'',
  '"{{ \\"x\\" }}"',
  '1',
  '-0.5',
  '1e3',
  '0o777',
  '0777',
  '12345678901234567890',
  'yes',
  'on',
  'true',
  'null',
  '~',
  'é',
  '😀 x',
  "'single ''quoted'''",
  '"double \\"quoted\\" \\u00e9\\U0001F600"',
  '""',
  "''",
  '"tab\\tnew\\nline"',
  '!!str 5',
];

const space = fc.record({
  blankBefore: fc.boolean(),
  commentBefore: fc.boolean(),
  commentAfter: fc.boolean(),
});
const layout = { flow: fc.boolean(), spread: fc.boolean(), anchor: rarely() };

function rarely(): fc.Arbitrary<boolean> {
  return fc.nat(7).map((number) => number === 7);
}

const keys = fc.uniqueArray(
  fc.constantFrom(
    'a',
    'b',
    'c',
    'key',
    'long key',
    '"quoted"',
    "'q'",
    'x/y',
    'x~y',
    '1',
    'é',
    '{{.K}}',
  ),
  { minLength: 0, maxLength: 4 },
);

const block = fc.record({
  kind: fc.constant('block' as const),
  header: fc.constantFrom('|', '|-', '|+', '>', '>-', '|1', '|2-', '|1+'),
  lines: fc.array(fc.constantFrom('text', 'two words', '', '  indented', '# no comment', 'k: v'), {
    minLength: 1,
    maxLength: 4,
  }),
  blank: fc.nat(2),
  comment: fc.boolean(),
});

const { node } = fc.letrec<{ node: RandomNode; map: RandomMap; list: RandomList }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', maxDepth: 4, withCrossShrink: true },
    fc.record({
      kind: fc.constant('scalar' as const),
      source: fc.constantFrom(...scalarSources),
      anchor: rarely(),
    }),
    block,
    fc.record({
      kind: fc.constant('folded' as const),
      words: fc.array(fc.constantFrom('one', 'two', ''), { minLength: 2, maxLength: 4 }),
      quote: fc.constantFrom('"' as const, "'" as const),
    }),
    fc.record({ kind: fc.constant('alias' as const), choice: fc.nat(3) }),
    fc.record({ kind: fc.constant('empty' as const), anchor: rarely() }),
    { arbitrary: tie('map'), weight: 4 },
    { arbitrary: tie('list'), weight: 4 },
  ),
  map: fc.record({
    kind: fc.constant('map' as const),
    ...layout,
    merge: rarely(),
    entries: keys.chain((names) =>
      fc.tuple(
        ...names.map((key) =>
          fc.record({ key: fc.constant(key), explicit: rarely(), space, value: tie('node') }),
        ),
      ),
    ),
  }),
  list: fc.record({
    kind: fc.constant('list' as const),
    ...layout,
    items: fc.array(fc.record({ space, value: tie('node') }), { maxLength: 4 }),
  }),
}));

/** The text of a random document; not every one is well-formed. */
export const randomDocument: fc.Arbitrary<string> = fc
  .record({
    root: node.filter(({ kind }) => kind === 'map' || kind === 'list'),
    crlf: fc.boolean(),
    finalNewline: fc.boolean(),
    marker: fc.boolean(),
    byteOrderMark: rarely(),
    head: rarely(),
    tail: fc.boolean(),
  })
  .map(({ root, crlf, finalNewline, marker, byteOrderMark, head, tail }) => {
    const writer = new Writer();
    let text = `${head ? writer.comment('') : ''}${writer.document(root)}`;
    if (marker) text = `---\n${text}`;
    if (tail) text += writer.comment('');
    if (!finalNewline) text = text.replace(/\n+$/, '');
    if (crlf) text = text.replaceAll('\n', '\r\n');
    return byteOrderMark ? `\ufeff${text}` : text;
  });

class Writer {
  #comments = 0;
  #anchors: { name: string; isMap: boolean }[] = [];

  comment(indent: string): string {
    this.#comments += 1;
    return `${indent}#c${this.#comments};\n`;
  }

  document(root: RandomNode): string {
    const { inline, below } = this.value(root, '', false);
    return below ?? `${inline}\n`;
  }

  /** Either one line (or more, in flow style) after the key or dash, or lines of its own below it. */
  value(
    node: RandomNode,
    indent: string,
    inFlow: boolean,
    canDent = false,
  ): { inline: string; below?: string } {
    switch (node.kind) {
      case 'scalar': {
        const flowSafe = !inFlow || !/^[^'"].*[,{}[\]]|^\{/.test(node.source);
        return { inline: this.#anchor(node.anchor) + (flowSafe ? node.source : 'word') };
      }
      case 'empty':
        return { inline: inFlow ? 'null' : this.#anchor(node.anchor).trimEnd() };
      case 'alias': {
        const target = this.#anchors[node.choice % Math.max(1, this.#anchors.length)];
        return { inline: target ? `*${target.name}` : 'none' };
      }
      case 'folded': {
        if (inFlow) return { inline: `${node.quote}word${node.quote}` };
        return { inline: node.quote + node.words.join(`\n${indent}  `) + node.quote };
      }
      case 'block': {
        if (inFlow) return { inline: 'word' };
        const width = Number(/\d/.exec(node.header)?.[0] ?? 2);
        const lines = node.lines.map((line) =>
          line === '' ? '' : `${indent}${' '.repeat(width)}${line}`,
        );
        const comment = node.comment ? ` ${this.comment('').trimEnd()}` : '';
        return {
          inline: [node.header + comment, ...lines, ...Array(node.blank).fill('')].join('\n'),
        };
      }
      case 'map':
        return this.#map(node, indent, inFlow);
      case 'list':
        return this.#list(node, indent, inFlow, canDent);
    }
  }

  #map(node: RandomMap, indent: string, inFlow: boolean): { inline: string; below?: string } {
    const source = this.#anchors.findLast(({ isMap }) => isMap);
    const merge = node.merge && source ? [`<<: *${source.name}`] : [];
    if (node.flow || inFlow || node.entries.length === 0) {
      const entries = node.entries.map(({ key, value }) => {
        const printed = this.value(value, indent, true).inline;
        return `${key.startsWith('{{') ? 'masked' : key}: ${printed}`;
      });
      return { inline: this.#flow(node, '{', [...merge, ...entries], '}', indent) };
    }
    let text = merge.map((line) => `${indent}${line}\n`).join('');
    for (const { key, explicit, space, value } of node.entries) {
      const colon = explicit ? `? ${key}\n${indent}:` : `${key}:`;
      text += this.#entry(indent, colon, space, value, `${indent}  `, true);
    }
    const anchor = this.#anchor(node.anchor, true).trimEnd();
    return { inline: anchor, below: text };
  }

  #list(
    node: RandomList,
    indent: string,
    inFlow: boolean,
    canDent: boolean,
  ): { inline: string; below?: string } {
    if (node.flow || inFlow || node.items.length === 0) {
      const items = node.items.map(({ value }) => this.value(value, indent, true).inline);
      return { inline: this.#flow(node, '[', items, ']', indent) };
    }
    const column = canDent && node.spread ? indent.slice(2) : indent;
    let text = '';
    for (const { space, value } of node.items)
      text += this.#entry(column, '-', space, value, `${column}  `, false);
    return { inline: this.#anchor(node.anchor).trimEnd(), below: text };
  }

  #entry(
    indent: string,
    lead: string,
    space: Space,
    value: RandomNode,
    inner: string,
    isPair: boolean,
  ): string {
    const before = `${space.blankBefore ? '\n' : ''}${space.commentBefore ? this.comment(indent) : ''}`;
    const isBlock = value.kind === 'block';
    const { inline, below } = this.value(value, isBlock ? indent : inner, false, isPair);
    const after = space.commentAfter && !isBlock ? ` ${this.comment('').trimEnd()}` : '';
    const first = `${indent}${lead}${inline ? ` ${inline}` : ''}`;
    if (below === undefined) return `${before}${first}${after}\n`;
    // A collection in a list may begin on the line of the dash.
    const compact = !isPair && !inline && !after && !/^\s*(?:#|\n)/.test(below);
    return (
      before + (compact ? `${first} ${below.slice(inner.length)}` : `${first}${after}\n${below}`)
    );
  }

  #flow(node: Layout, open: string, parts: string[], close: string, indent: string): string {
    const anchor = this.#anchor(node.anchor, open === '{');
    if (!node.spread || parts.length === 0) return `${anchor}${open}${parts.join(', ')}${close}`;
    const lines = parts.map((part, index) => {
      const isLast = index === parts.length - 1;
      return `${indent}    ${part}${isLast ? '' : ','}${index % 2 === 0 ? ` ${this.comment('').trimEnd()}` : ''}`;
    });
    return `${anchor}${open}\n${lines.join('\n')}\n${indent}  ${close}`;
  }

  #anchor(wanted: boolean, isMap = false): string {
    if (!wanted) return '';
    const name = `n${this.#anchors.length}`;
    this.#anchors.push({ name, isMap });
    return `&${name} `;
  }
}
