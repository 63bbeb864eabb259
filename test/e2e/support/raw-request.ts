/** Requests with any header at all, without what browsers and clients add of their own. */
import { type IncomingHttpHeaders, request } from 'node:http';

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** One HTTP/1.1 request to a port of this machine. */
export function rawRequest(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: Buffer,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path,
      headers,
      agent: false,
      timeout: 10_000,
    };
    const sent = request(options, async (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path} in 10 s`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Headers and body of a gRPC-Web call with an empty message, as a browser on a page of this origin sends it. */
export const GRPC_WEB_HEADERS = { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' };
export const EMPTY_GRPC_MESSAGE = Buffer.alloc(5);

/** Headers of a preflight that asks for a gRPC-Web call. */
export function preflightHeaders(origin: string): Record<string, string> {
  return {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-grpc-web,x-user-agent',
  };
}
