/** TLS that ends at Envoy: a certificate that is renewed on disk serves new connections, and no old one notices. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeCertificate } from '../support/certificates.ts';
import { readEnvoyConfig } from '../support/envoy-config.ts';
import { startEnvoy } from '../support/envoy-process.ts';
import { startGrpcBackend } from '../support/grpc-backend.ts';
import { connectNative } from '../support/grpc-client.ts';
import { buildLiveOverlay } from '../support/live-overlay.ts';
import { mountSecret } from '../support/mounted-secret.ts';
import { mountVolumes, movePaths } from '../support/pod-mounts.ts';
import { standFor } from '../support/stand.ts';
import { until } from '../support/until.ts';
import { API_SERVICE, UI_SERVICE } from './app-stand.ts';

const HOST = 'app.ml.example.com';

const TLS_SPEC = {
  domain: 'ml.example.com',
  tls: { mode: 'secret', terminateAt: 'envoy' },
  entry: { gateway: { className: 'contour' } },
};

const tls = suite('TLS at Envoy');
const stand = standFor(tls, async (keep) => {
  const { envoy, manifests } = await buildLiveOverlay(TLS_SPEC);
  const [first, second] = [await makeCertificate([HOST]), await makeCertificate([HOST])];
  const secret = mountSecret(first);
  const secrets = { 'michelangelo-envoy-tls': secret.folder };
  const mounts = mountVolumes(manifests, 'live-michelangelo-envoy', secrets);
  const config = readEnvoyConfig(movePaths(envoy, mounts));

  const backend = keep(await startGrpcBackend());
  const services = { [API_SERVICE]: backend.port, [UI_SERVICE]: backend.port };
  const { port } = keep(await startEnvoy(config, services), 'Envoy');
  const trusted = first.certificate + second.certificate;
  const target = { port, tls: { trusted, serverName: HOST } };
  return { port, secret, first, second, target, trusted, keep };
});

tls('serves the mounted certificate, and offers HTTP/2 first', async () => {
  const { port, first, trusted } = stand();
  const both = await shakeHands(port, trusted, ['h2', 'http/1.1']);
  assert.is(both.fingerprint, fingerprint(first.certificate));
  assert.is(both.protocol, 'h2');
  assert.is((await shakeHands(port, trusted, ['http/1.1'])).protocol, 'http/1.1');
});

tls('a renewed certificate serves new connections, and no call on an old one fails', async () => {
  const { port, secret, first, second, target, trusted, keep } = stand();
  const client = keep(connectNative(target));
  const stream = client.watch({ count: 1000, pauseMilliseconds: 20 })[Symbol.asyncIterator]();
  let expected = 0;
  const readOn = async () => {
    expected += 1;
    assert.is((await stream.next()).value, expected);
    assert.is(await client.ask('still there'), 'still there');
  };
  await readOn();
  const silent = keep(await openSession(port, trusted));

  // Calls all the while, one stream across everything: an error in any of them is the test's error.
  let renewed = false;
  const calls = (async () => {
    for (let after = 0; after < 20; after += renewed ? 1 : 0) await readOn();
  })();
  secret.renew(second);
  const seen: string[] = [];
  const change = until('the new certificate', async () => {
    const shown = await shakeHands(port, trusted, ['h2']).then((hand) => hand.fingerprint, String);
    seen.push(shown);
    return shown === fingerprint(second.certificate) || undefined;
  }).finally(() => {
    renewed = true;
  });
  await Promise.all([calls, change]);
  // Nothing between the two, a refused connection least of all.
  const known = [first, second].map(({ certificate }) => fingerprint(certificate));
  assert.equal(
    seen.filter((shown) => !known.includes(shown)),
    [],
  );

  // Once it is there it stays, and it is good for calls.
  for (let again = 0; again < 5; again += 1)
    assert.is(
      (await shakeHands(port, trusted, ['h2'])).fingerprint,
      fingerprint(second.certificate),
    );
  const next = keep(
    connectNative({ port, tls: { trusted: second.certificate, serverName: HOST } }),
  );
  assert.is(await next.ask('hello again'), 'hello again');
  await readOn();
  await stream.return?.();
  assert.equal(silent.ends, [], 'a connection without calls stays, and is not asked to go');
});

tls.run();

/** One new connection: what it gets to see. The certificate is checked, its host name too. */
function shakeHands(
  port: number,
  trusted: string,
  protocols: string[],
): Promise<{ fingerprint: string; protocol: string | false | null }> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', port, servername: HOST, ca: trusted, ALPNProtocols: protocols },
      () => {
        const { fingerprint256 } = socket.getPeerCertificate();
        resolve({ fingerprint: fingerprint256, protocol: socket.alpnProtocol });
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}

/** An HTTP/2 connection that carries nothing, and notes whatever would end it. */
async function openSession(port: number, trusted: string) {
  const ends: string[] = [];
  const session = connectHttp2(`https://127.0.0.1:${port}`, { servername: HOST, ca: trusted });
  for (const event of ['goaway', 'error', 'close']) session.on(event, () => ends.push(event));
  await once(session, 'remoteSettings');
  return { ends, close: () => session.destroy() };
}

function fingerprint(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256;
}
