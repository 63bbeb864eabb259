/** What Envoy says where it refuses a config, fit to be shown. */
import { onOneLine } from '../../foreign-text.ts';

/** Longer ones have a config in them that was not recognized as such. */
const LONGEST = 400;

/**
 * One line, without the config that Envoy prints with it: behind `goo.gle/debug…`, up to the reason at the end, or behind `: {`.
 * @param folder - where the files lay
 * @param secrets - texts of which no line may be shown
 */
export function wordsOfRefusal(output: string, folder: string, secrets: readonly string[]): string {
  const at = output.lastIndexOf('error initializing configuration');
  const said = (at < 0 ? lastLine(output) : output.slice(at))
    .replace(/^error initializing configuration '[^']*':\s*/, '')
    .replaceAll(folder, '');
  const whole = withoutDump(said)
    .replace(/\s+/g, ' ')
    .replace(/,? near \d+:\d+ \(offset \d+\)/g, '')
    .replace(/\(type \S+ reason INVALID_ARGUMENT: ?/, '(')
    .replace(/INVALID_ARGUMENT: ?/, '')
    // What has no name gets one of chance.
    .replace(/ named '[0-9a-f]{8}-[0-9a-f-]{27}'/, ' without a name')
    .trim();
  const text = withoutSecrets(whole, secrets);
  return onOneLine(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

function withoutDump(said: string): string {
  const before = said.split(/:? ?goo\.gle\/debug\w*/);
  if (before.length > 1) {
    // The reason stands in front of the dump, or behind it on a line of its own.
    const [first = '', ...rest] = before;
    const last = rest
      .join(' ')
      .split('\n')
      .findLast((line) => /^: /.test(line));
    return [first, last?.slice(2)].filter((part) => part?.trim()).join(': ');
  }
  return said.replace(/: ?\{[\s\S]*$/, '');
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const lines = secrets
    .flatMap((secret) => secret.split(/[\s"',:]+/))
    .filter((part) => part.length > 5);
  return lines.reduce((rest, line) => rest.replaceAll(line, '…'), text);
}

function lastLine(output: string): string {
  return (
    output
      .split('\n')
      .filter((line) => line.trim() !== '')
      .at(-1) ?? ''
  );
}
