/**
 * Go template expressions in a config: `{{.Host}}:443` is no YAML, and `{{.Host}}` reads as a map in a map. Each is covered by as
 * many characters of a private-use code point while the document is parsed, so that every position stays what it was.
 */
import { isObject, type Json } from '../json.ts';

const FIRST = 0xe000;
const COUNT = 0xf8ff - FIRST + 1;

/** Covers each expression; two neighbours never share a character. */
export function maskTemplates(text: string): { masked: string; templates: string[] } {
  const templates: string[] = [];
  const masked = text.replace(/\{\{[^{}\n]*\}\}/g, (template) => {
    const cover = String.fromCharCode(FIRST + (templates.length % COUNT));
    templates.push(template);
    return cover.repeat(template.length);
  });
  return { masked, templates };
}

/** Puts the expressions back into every string and key. */
export function unmaskTemplates<T extends Json | undefined>(value: T, templates: string[]): T {
  if (typeof value === 'string') return unmaskText(value, templates) as T;
  if (Array.isArray(value)) return value.map((item) => unmaskTemplates(item, templates)) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      unmaskText(key, templates),
      unmaskTemplates(item, templates),
    ]),
  ) as T;
}

function unmaskText(text: string, templates: string[]): string {
  return text.replace(/([\ue000-\uf8ff])\1+/g, (run) => {
    const template = templates[run.charCodeAt(0) - FIRST];
    return template?.length === run.length ? template : run;
  });
}
