/** Text inside HTML, SVG and their attributes. */
import { inLines } from '../foreign-text.ts';

/** Everything that could end a text or an attribute, and characters that cannot be seen, or that XML does not have. */
export function escapeMarkup(text: string): string {
  return inLines(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Text that is markup already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Part[] | undefined | false;

/** Markup with values in it: each is escaped unless it is markup itself; lists are joined, what is undefined is left out. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  const text = strings.map((string, index) => {
    const value = values[index];
    return string + (index < values.length ? toText(value) : '');
  });
  return new Markup(text.join(''));
}

function toText(value: Part): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  return Array.isArray(value) ? value.map(toText).join('') : escapeMarkup(String(value));
}

/** A long name that may be broken behind its dots, slashes and hyphens. */
export function breakable(text: string): Markup {
  const pieces = text.split(/(?<=[./\-[\]:_])/);
  return new Markup(pieces.map(escapeMarkup).join('<wbr>'));
}

/** A sentence whose parts between backticks are code. */
export function withCode(text: string): Markup {
  const parts = text.split(/`([^`]*)`/);
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : html`<code>${breakable(part)}</code>`))}`;
}
