/**
 * Go template expressions in a config: `{{.Host}}:443` is no YAML, and `{{.Host}}` reads as a map in a map. Each is covered by as
 * many characters of a private-use code point while the document is parsed, so that every position stays what it was.
 */
import { type ParsedYaml, parseYaml, Scalar, visit } from './yaml.ts';

const FIRST = 0xe000;
const LAST = 0xf8ff;

/** An expression on one line; quotes in it come in pairs, or escaped within a YAML string. */
const TEMPLATE = /\{\{(?:[^{}\n"`\\]|\\.|"(?:[^"\\\n]|\\.)*"|`[^`\n]*`)*\}\}/g;

/** Reads YAML that may hold expressions; they stand in its strings and keys as they are written. */
export function parseTemplated(text: string): ParsedYaml {
  const templates = new Map<string, string>();
  let next = FIRST;
  // Each is covered with a character that occurs nowhere else; those beyond the supply stay.
  const masked = text.replace(TEMPLATE, (template) => {
    while (text.includes(String.fromCharCode(next))) next += 1;
    if (next > LAST) return template;
    const cover = String.fromCharCode(next);
    next += 1;
    templates.set(cover, template);
    return cover.repeat(template.length);
  });
  const parsed = { ...parseYaml(masked), text };
  if (templates.size === 0 || parsed.json === undefined) return parsed;
  visit(parsed.document, {
    Scalar(_, node) {
      if (typeof node.value !== 'string') return;
      node.value = node.value.replace(/([\ue000-\uf8ff])\1+/g, (run, cover: string) => {
        const template = templates.get(cover);
        return template?.length === run.length ? unquoted(template, node.type) : run;
      });
    },
  });
  return { ...parsed, json: parsed.document.toJS() };
}

/** What a template says that may be written with escapes, inside of quotes. */
function unquoted(template: string, style: Scalar['type']): string {
  if (style === Scalar.QUOTE_SINGLE) return template.replaceAll("''", "'");
  if (style !== Scalar.QUOTE_DOUBLE || !template.includes('\\')) return template;
  const { json } = parseYaml(`"${template}"`);
  return typeof json === 'string' ? json : template;
}
