/** One HTTP/1.1 request to a public host, as a browser or curl makes it, and its answer. */
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { open } from './connection.ts';
import type { Step } from './line.ts';
import type { PublicHost } from './targets.ts';
import type { Ways } from './ways.ts';

/** Bytes of an answer that are read; what follows is cut off. */
const LARGEST_ANSWER = 2 ** 20;

/** One request; its path begins with a slash. */
export interface WebCall {
  method: 'GET' | 'POST' | 'OPTIONS';
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: Buffer;
}

/** The answer; its body is cut off after a megabyte. */
export interface WebAnswer {
  status: number;
  /** Names in lower case. */
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** Asks on a connection of its own. A redirect is an answer, and is not followed. Rejects where no answer comes. */
export async function askWeb(
  target: PublicHost,
  ways: Ways,
  step: Step,
  call: WebCall,
): Promise<WebAnswer> {
  return send(await open(target, ways, step, ['http/1.1']), target, step, call);
}

function send(
  socket: Socket,
  { host, port, scheme }: PublicHost,
  step: Step,
  { method, path, headers = {}, body }: WebCall,
): Promise<WebAnswer> {
  const isOwnPort = port === (scheme === 'https' ? 443 : 80);
  step.waitsFor = `an answer to ${method} ${path}`;
  return new Promise((resolve, reject) => {
    const sent = request({
      createConnection: () => socket,
      method,
      path,
      headers: {
        host: isOwnPort ? host : `${host}:${port}`,
        'user-agent': 'ma-overlays-verify',
        connection: 'close',
        ...(body && { 'content-length': String(body.length) }),
        ...headers,
      },
    });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      const parts: Buffer[] = [];
      let length = 0;
      const done = () => {
        socket.destroy();
        const { statusCode: status = 0, headers: received } = answer;
        resolve({ status, headers: received, body: Buffer.concat(parts) });
      };
      answer.on('data', (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length > LARGEST_ANSWER) done();
      });
      answer.once('end', done);
      answer.once('error', reject);
    });
    sent.end(body);
  });
}

/** What a proxy says where nothing behind it answers. */
export function isUnavailable(status: number): boolean {
  return status >= 502 && status <= 504;
}

/** What page and calls at one host have in common. */
export function causeOfEnvoy({ host }: PublicHost): string {
  return `nothing behind ${host}`;
}

/** Whether somebody in front asks who calls. */
export function asksWho({ status, headers }: WebAnswer): boolean {
  return status === 401 || status === 403 || (isRedirect(status) && isLogin(headers.location));
}

/** Whether a status leads elsewhere; 304 does not. */
export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** Sources: oauth2-proxy's `/oauth2/start`, OpenID Connect's authorization endpoint. */
function isLogin(location = ''): boolean {
  return /oauth|login|signin|sign_in|auth|sso/i.test(location);
}

/** `200 text/html`, as lines print it. */
export function describe({ status, headers }: WebAnswer): string {
  const type = headers['content-type']?.split(';')[0];
  return [String(status), type].filter(Boolean).join(' ');
}
