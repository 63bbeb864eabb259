/** What a browser, or any other client, sees of an entry: answers, redirects, handshakes. */
import { request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { connect } from 'node:tls';

/** Where an entry listens, and the host name that it is asked for there. */
export interface Entry {
  address: string;
  port: number;
  host: string;
  /** The certificate that is trusted; plain http without. */
  trusted?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Sends a request, without following redirects. The certificate has to be valid for the host. */
export function fetchFrom(entry: Entry, path = '/'): Promise<Answer> {
  const { address, port, host, trusted } = entry;
  const options = { host: address, port, path, headers: { host }, agent: false as const };
  return trusted === undefined
    ? send(requestHttp, options)
    : send(requestHttps, { ...options, servername: host, ca: trusted });
}

/** Sends any request and reads its whole answer; fails after 20 s. */
export function send(
  request: typeof requestHttp | typeof requestHttps,
  options: RequestOptions,
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ timeout: 20_000, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer within 20 s')));
    sent.once('error', reject);
    sent.end(body);
  });
}

/** The protocol that ALPN settles on where the client offers only HTTP/2, as gRPC clients do; '' where there is none. */
export function negotiate({ address, port, host, trusted }: Entry): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: address, port, servername: host, ca: trusted, ALPNProtocols: ['h2'] };
    const socket = connect(options, () => {
      resolve(socket.alpnProtocol || '');
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
