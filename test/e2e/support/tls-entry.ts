/** An entry in front of a server: ends TLS, and passes on what is inside byte for byte. */
import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer } from 'node:tls';
import type { KeyPair } from './certificates.ts';
import { type Listening, listen } from './listen.ts';

/** Starts one; `protocols` are those that the server behind it speaks without TLS, the preferred first. */
export async function startTlsEntry(
  { key, certificate }: KeyPair,
  port: number,
  protocols: readonly ('h2' | 'http/1.1')[],
): Promise<Listening> {
  const options = { key, cert: certificate, ALPNProtocols: [...protocols] };
  const server = createServer(options, (socket) => {
    const behind = connect(port, '127.0.0.1');
    // Either side may hang up at any time; both end then.
    const ignore = () => {};
    pipeline(socket, behind, ignore);
    pipeline(behind, socket, ignore);
  });
  return listen(server);
}
