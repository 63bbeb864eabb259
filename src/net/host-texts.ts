/**
 * Texts in which a host is there for a program: a URL, a list, a policy, a route's condition. Everything else may be prose or code, of
 * which nobody knows what another host would do there.
 */

/** Whether a host in a text may be replaced by another one. */
export function isForPrograms(text: string): boolean {
  // A template without a string in it stands for a part of a word.
  const plain = text.trim().replace(/\{\{[^{}"'`]*\}\}/g, 'x');
  return (
    !/\s/.test(plain) ||
    isSecurityPolicy(plain) ||
    isRouteCondition(plain) ||
    plain.split(/[\s,;]+/).every(isWordForPrograms)
  );
}

/** Hosts, URLs, addresses, numbers, flags, `key=value`, `Key:`; no word of a language. */
const WORDS: readonly RegExp[] = [
  /^$/,
  // A name with a dot, a wildcard or a port; an IP address.
  /^[\w*[\]:-]*[.:*][\w*.:[\]/-]*$/,
  /^[a-z][a-z0-9+.-]*:\/\/\S+$/i,
  /^\d+$/,
  /^--?[a-z][\w-]*(?:=\S*)?$/i,
  /^[\w.-]+=\S*$/,
  /^(?:localhost|null)$/,
];

function isWordForPrograms(word: string): boolean {
  const bare = word.replace(/^["'([{<^]+|["')\]}>$]+$/g, '');
  return WORDS.some((form) => form.test(bare));
}

/** Source: Content Security Policy Level 3, section 6; every directive that may be followed by sources. */
const DIRECTIVE =
  /^(?:[a-z]+-src(?:-elem|-attr)?|frame-ancestors|form-action|navigate-to|base-uri|report-uri|report-to|sandbox|plugin-types|upgrade-insecure-requests|block-all-mixed-content|require-trusted-types-for|trusted-types)$/i;

function isSecurityPolicy(text: string): boolean {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
    .every((part) => DIRECTIVE.test(part.split(/\s/)[0] ?? ''));
}

/** ``Host(`app.example.com`) && PathPrefix(`/x`)``, as Traefik's routers have it: calls with quoted arguments, and operators. */
function isRouteCondition(text: string): boolean {
  if (!/\w\(\s*[`"']/.test(text)) return false;
  const bare = text.replace(/`[^`]*`|"[^"]*"|'[^']*'/g, '').replace(/\w+\(/g, '(');
  return /^[()!&|,\s]*$/.test(bare);
}
