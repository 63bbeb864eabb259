/** What can be told of a PromQL expression without its grammar. Source: Prometheus, `promql/parser/lex.go`. */

const TOKEN = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`|#[^\n]*|[()[\]{}"'`]/g;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** What makes Prometheus refuse it: brackets or quotes that do not match, or nothing at all. Undefined where none of these. */
export function syntaxFault(expression: string): string | undefined {
  const open: string[] = [];
  let isEmpty = true;
  let after = 0;
  for (const { 0: token, index } of expression.matchAll(TOKEN)) {
    isEmpty &&= token.startsWith('#') && expression.slice(after, index).trim() === '';
    after = index + token.length;
    if (token.length > 1 || token.startsWith('#')) continue;
    if (/["'`]/.test(token)) return `the quote ${token} is not closed`;
    if (Object.hasOwn(CLOSING, token)) open.push(token);
    else if (CLOSING[open.pop() ?? ''] !== token) return `${token} closes nothing that is open`;
  }
  const left = open.at(-1);
  if (left !== undefined) return `${left} is not closed`;
  return isEmpty && expression.slice(after).trim() === '' ? 'it says nothing' : undefined;
}
