/** What a browser sees first: the redirect from plain HTTP, the page, and the config that tells it where to call. */

import { printable } from '../../errors.ts';
import { hostOfUrl } from '../../net/addresses.ts';
import { parseUrl } from '../../net/url.ts';
import { curlCommand } from './commands.ts';
import { type Answer, failed, notTried, ok, type Probe, warning } from './line.ts';
import type { Look } from './look.ts';
import { type PublicHost, urlOf } from './targets.ts';
import {
  asksWho,
  askWeb,
  causeOfEnvoy,
  describe,
  isRedirect,
  isUnavailable,
  type WebAnswer,
} from './web.ts';

/** The items of the guide's list: the entry of page and Envoy, apiBaseUrl. */
const APP_ENTRY = 3;
const API_BASE_URL = 7;

/** From http:// to https://, where people leave the scheme out. An entry without plain HTTP is no mistake. */
export function redirectLine(target: PublicHost, look: Look, address: Probe): Probe {
  const { host, port } = target;
  const plain = { ...target, port: 80, scheme: 'http' as const };
  return {
    group: target.roles.includes('api') && target.roles.length === 1 ? 'API' : 'page',
    tried: `redirect from http://${host}/`,
    command: curlCommand(plain, look, { path: '/' }),
    after: look.ways.to(host, 80) ? [] : [address],
    peer: `${host}:80`,
    isOptional: true,
    run: async (step) => {
      if (port !== 443)
        return notTried(`the public port is ${port}: which one is for plain HTTP is not known`);
      return judgeRedirect(
        await askWeb(plain, look.ways, step, { method: 'GET', path: '/' }),
        host,
      );
    },
  };
}

function judgeRedirect(answer: WebAnswer, host: string): Answer {
  const { status, headers } = answer;
  const { location = '' } = headers;
  const came = location ? `${status} to ${printable(location)}` : describe(answer);
  if (isRedirect(status) && location.startsWith('https:'))
    return hostOfUrl(location) === host
      ? ok(came, 'who leaves out https:// gets there all the same')
      : warning(came, 'it leads to another host');
  // 415 is what a gRPC server answers to a browser: it is served.
  return NOT_SERVED.includes(status)
    ? warning(
        came,
        'plain HTTP is neither served nor redirected: who leaves out https:// sees an error',
      )
    : failed(
        came,
        'the host is served without TLS: turn the redirect on in the entry, or in the controller',
      );
}

/** What an entry answers where it has no route without TLS, or refuses it. */
const NOT_SERVED = [400, 403, 404, 421, 426];

/** Whether what answers is a page. */
export function pageLine(target: PublicHost, look: Look, after: Probe): Probe {
  return {
    group: 'page',
    tried: `page at ${urlOf(target, '/')}`,
    command: curlCommand(target, look, { path: '/' }),
    items: [APP_ENTRY],
    after: [after],
    peer: `${target.host}:${target.port}`,
    run: async (step) =>
      judgePage(await askWeb(target, look.ways, step, { method: 'GET', path: '/' }), target),
  };
}

function judgePage(answer: WebAnswer, target: PublicHost): Answer {
  const came = describe(answer);
  const { status, headers, body } = answer;
  if (asksWho(answer))
    return warning(came, 'somebody in front asks who calls: the page behind was not seen');
  if (isUnavailable(status))
    return failed(
      came,
      'the entry reaches nothing behind it: the page, or the Envoy in front of it, is down or has no endpoints',
      causeOfEnvoy(target),
    );
  if (isRedirect(status))
    return warning(`${came} to ${printable(headers.location ?? '')}`, 'the page is elsewhere');
  if (status === 404) return failed(came, 'no route leads from this host to the page');
  if (status === 415 || headers['content-type'] === 'application/grpc')
    return failed(came, 'the API server answers: Envoy has no route to the page');
  const isHtml =
    /^text\/html/.test(headers['content-type'] ?? '') &&
    /<(?:!doctype html|html)/i.test(body.toString('latin1'));
  if (status === 200 && isHtml) return ok(came, 'a page is served');
  return failed(came, 'what answers is not a page');
}

/** Whether the page calls where the overlay says: one that was rolled out before calls the old host. */
export function configLine(target: PublicHost, look: Look, after: Probe): Probe {
  const path = '/config.json';
  const wanted = look.targets.apiBaseUrls;
  return {
    group: 'page',
    tried: `apiBaseUrl in ${urlOf(target, path)}`,
    command: curlCommand(target, look, { path }),
    items: [API_BASE_URL],
    after: [after],
    peer: `${target.host}:${target.port}`,
    run: async (step) => {
      if (wanted.length === 0)
        return notTried('these manifests have no config of the page to compare with');
      return judgeConfig(await askWeb(target, look.ways, step, { method: 'GET', path }), wanted);
    },
  };
}

function judgeConfig(answer: WebAnswer, wanted: readonly string[]): Answer {
  if (asksWho(answer))
    return warning(describe(answer), 'somebody in front asks who calls: the file was not seen');
  const found = apiBaseUrlIn(answer.body.toString('utf8'));
  if (answer.status !== 200 || found === undefined)
    return failed(
      describe(answer),
      'the page gets no JSON with apiBaseUrl from there, and does not know where to call: see the mount of its config',
    );
  const came = found === '' ? 'an empty apiBaseUrl' : printable(found);
  if (wanted.some((one) => sameUrl(one, found))) return ok(came, 'as the overlay says');
  return failed(
    came,
    `the overlay says ${wanted.join(' or ')}: the ConfigMap is an older one, or the page was not restarted since`,
  );
}

function apiBaseUrlIn(text: string): string | undefined {
  try {
    const { apiBaseUrl } = JSON.parse(text) as { apiBaseUrl?: unknown };
    return typeof apiBaseUrl === 'string' ? apiBaseUrl : undefined;
  } catch {
    return undefined;
  }
}

/** A slash at the end, and the port that goes without saying, make no other URL. */
function sameUrl(left: string, right: string): boolean {
  const plain = (text: string) => (parseUrl(text)?.href ?? text).replace(/\/$/, '');
  return plain(left) === plain(right);
}
