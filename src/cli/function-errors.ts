/** What kustomize makes of the function's stderr, undone: each version wraps it in another way. */

/** kubectl, where it reports through klog: the message is indented by a tab. */
const KLOG = /^E\d{4} .*\berr=<\n([\s\S]*?)\n >$/m;
/** kustomize's own line about the function, at the start of a line in 4.5.4, behind the function's words in 5. */
const PLUGIN_FAILED =
  /(?:^(?:Error|error)?: |: )failure in plugin configured via \S+; exit status \d+(?:: exit status \d+)?\s*$/m;
/** kustomize 5 puts this before the function's first word. */
const DOUBLED = /^(?:Error|error): (?=(?:error|warning): )/m;

/** The function's problems as it printed them; any other text stays as it is. */
export function unwrapFunctionErrors(stderr: string): string {
  const text = stderr.replace(KLOG, (_match, message: string) => message.replace(/^\t/gm, ''));
  const found = PLUGIN_FAILED.exec(text);
  // Where the function said nothing, kustomize's line is all there is.
  if (found === null || text.slice(0, found.index).trim() === '') return stderr;
  const rest = text.slice(0, found.index) + text.slice(found.index + found[0].length);
  return `${rest.replace(DOUBLED, '').trimEnd()}\n`;
}
