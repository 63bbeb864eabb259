/**
 * Go template expressions in a config: `{{.Host}}:443` is no YAML, and `{{.Host}}` reads as a map in a map. Each is covered by as
 * many characters of a private-use code point while the document is parsed, so that every position stays what it was.
 */

import { decodeQuoted } from './flow-scalar.ts';
import { type Document, Scalar, visit } from './yaml.ts';

/** A text without its templates, and the way to put them back. */
export interface MaskedText {
  masked: string;
  /** The text of each template by the character that covers it. */
  templates: ReadonlyMap<string, string>;
}

const FIRST = 0xe000;
const LAST = 0xf8ff;

/** An expression on one line; quotes in it come in pairs, or escaped within a YAML string. */
const TEMPLATE = /\{\{(?:[^{}\n"`\\]|\\.|"(?:[^"\\\n]|\\.)*"|`[^`\n]*`)*\}\}/g;

/** Covers each expression with a character that occurs nowhere else; those beyond the supply stay. */
export function maskTemplates(text: string): MaskedText {
  const templates = new Map<string, string>();
  let next = FIRST;
  const masked = text.replace(TEMPLATE, (template) => {
    while (text.includes(String.fromCharCode(next))) next += 1;
    if (next > LAST) return template;
    const cover = String.fromCharCode(next);
    next += 1;
    templates.set(cover, template);
    return cover.repeat(template.length);
  });
  return { masked, templates };
}

/** Puts the expressions back into every string and key of a document. */
export function unmaskDocument(document: Document, { templates }: MaskedText): void {
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string') node.value = unmask(node.value, node.type, templates);
    },
  });
}

function unmask(
  text: string,
  style: Scalar['type'],
  templates: ReadonlyMap<string, string>,
): string {
  return text.replace(/([\ue000-\uf8ff])\1+/g, (run, cover: string) => {
    const template = templates.get(cover);
    if (template?.length !== run.length) return run;
    // Inside of quotes the template was written with escapes.
    if (style === Scalar.QUOTE_DOUBLE) return decodeQuoted(`"${template}"`, style) ?? template;
    if (style === Scalar.QUOTE_SINGLE) return template.replaceAll("''", "'");
    return template;
  });
}
