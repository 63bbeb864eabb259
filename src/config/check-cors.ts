/** Checks of `spec.cors`. */
import { originFault } from '../net/origins.ts';
import { type Field, textsAt } from './partial.ts';
import { type ConfigProblem, code, either, quote } from './wording.ts';

/** A `token` of RFC 9110 section 5.6.2, which field names are; `*` is one, but a list of it would mean every header. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function checkOrigin({ path, value }: Field<string>): ConfigProblem[] {
  const fault = originFault(value);
  if (fault === undefined) return [];
  return [
    {
      code: 'config-origin',
      path,
      message: `This is not an origin that can be allowed: it ${either(fault.reasons, 'and')}`,
      found: quote(value),
      expected:
        '`scheme://host[:port]` as browsers send it, with one leading `*.` label or port `*` at most',
      mend:
        fault.suggestion === undefined
          ? 'List each origin, for instance `https://app.example.com` or `https://*.example.com`'
          : `Write ${code(fault.suggestion)}`,
    },
  ];
}

function checkHeader({ path, value }: Field<string>): ConfigProblem[] {
  if (TOKEN.test(value) && value !== '*') return [];
  return [
    {
      code: 'config-value',
      path,
      message:
        value === '*'
          ? 'Every request header would be allowed'
          : 'This is not the name of a header',
      found: quote(value),
      expected: "letters, digits and !#$%&'*+-.^_`|~ without white space, and not `*` alone",
      mend: value.includes(',')
        ? 'Write each header as an item of its own'
        : 'Write the name of each header, without its value',
    },
  ];
}

/** The second of two items that are the same to a browser. */
function checkRepetition(items: readonly Field<string>[]): ConfigProblem[] {
  const first = new Map<string, string>();
  return items.flatMap(({ path, value }): ConfigProblem[] => {
    const key = value.trim().toLowerCase();
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, path);
      return [];
    }
    return [
      {
        code: 'config-conflict',
        path,
        message: `The same item stands in two places: ${code(earlier)} and ${code(path)}`,
        found: quote(value),
        expected: 'each item once; upper and lower case are the same',
        mend: 'Remove one of the two',
      },
    ];
  });
}

/** Problems of the allowed origins and headers. Silent about items that are no text. */
export function checkCors(config: unknown): ConfigProblem[] {
  const origins = textsAt(config, 'spec.cors.allowOrigins');
  const headers = textsAt(config, 'spec.cors.allowHeaders');
  return [
    ...origins.flatMap(checkOrigin),
    ...checkRepetition(origins),
    ...headers.flatMap(checkHeader),
    ...checkRepetition(headers),
  ];
}
