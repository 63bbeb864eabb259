/** A reader for the little XML that tests look at: elements, attributes, text. It throws on what is not well-formed. */

export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** Source: Extensible Markup Language (XML) 1.0, "Characters". */
const NOT_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export function readXml(source: string): Element {
  if (NOT_XML.test(source)) throw new Error('a character that XML cannot have');
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const declaration = /^<\?xml version="1\.0" encoding="UTF-8"\?>/.exec(source)?.[0] ?? '';
  const token = /<(\/?)([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  token.lastIndex = declaration.length;
  let end = token.lastIndex;
  for (let match = token.exec(source); match; match = token.exec(source)) {
    const [, close, name = '', attributes = '', isEmpty, text] = match;
    const parent = open.at(-1) as Element;
    if (text !== undefined) parent.text += decode(text);
    else if (close) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      const pairs = [...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)];
      const element = {
        name,
        attributes: Object.fromEntries(
          pairs.map(([, key = '', value = '']) => [key, decode(value)]),
        ),
        children: [],
        text: '',
      };
      parent.children.push(element);
      if (!isEmpty) open.push(element);
    }
    end = token.lastIndex;
  }
  const [only] = root.children;
  if (end !== source.length || open.length !== 1 || !only)
    throw new Error(`not well-formed at ${end}: ${source.slice(end, end + 40)}`);
  return only;
}

function decode(text: string): string {
  return text.replace(/&(\w*;?)/g, (_, name: string) => {
    const character = ENTITIES[name.slice(0, -1)];
    if (!name.endsWith(';') || character === undefined) throw new Error(`&${name} is no entity`);
    return character;
  });
}
