/** Durations, and what can be told of an expression without its grammar. Source: Prometheus, `promql/parser/lex.go`, `model.ParseDuration`. */

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

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const SECONDS = [31_536_000, 604_800, 86_400, 3600, 60, 1, 0.001];

/** `1m30s` as 90; undefined for what Prometheus does not read, such as a number without a unit. */
export function secondsOf(duration: string): number | undefined {
  if (duration === '0') return 0;
  const found = duration === '' ? null : DURATION.exec(duration);
  return found
    ?.slice(1)
    .reduce((sum, amount, index) => sum + Number(amount ?? 0) * (SECONDS[index] ?? 0), 0);
}
