/** Lines of one host: DNS, TLS, and what happens in between. */
import { existsSync } from 'node:fs';
import { createServer as createTcp } from 'node:net';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Line } from '../../../src/cli/verify/line.ts';
import type { PublicHost } from '../../../src/cli/verify/targets.ts';
import { linesOfHost } from '../../../src/cli/verify/tls-lines.ts';
import { type Listening, listen, unusedPort } from '../../e2e/support/listen.ts';
import { makeAuthority } from '../../support/authority.ts';
import { linesOf, lookWith } from '../../support/live-lines.ts';
import { folderWith, temporaryFolder } from '../../support/temporary.ts';

const authority = await makeAuthority();
const pair = await authority.issue(['localhost', 'api.test']);
const cert = { key: pair.key, cert: pair.chain };

async function linesAt(target: Partial<PublicHost>, port: number, seconds = 5): Promise<Line[]> {
  const host: PublicHost = {
    host: 'api.test',
    port: 443,
    scheme: 'https',
    roles: ['api'],
    ...target,
  };
  const look = lookWith({ ways: [`api.test:443:127.0.0.1:${port}`], caFile: authority.file });
  return linesOf(linesOfHost(host, look).probes, seconds);
}

async function behind(server: Listening, target: Partial<PublicHost> = {}, seconds = 5) {
  try {
    return await linesAt(target, server.port, seconds);
  } finally {
    await server.close();
  }
}

const statuses = (lines: readonly Line[]) => lines.map(({ status }) => status);
const lines = suite('lines of a host');

lines('a sound one, with an address from DNS', async () => {
  const server = await listen(createTls({ ...cert, ALPNProtocols: ['h2'] }, () => {}));
  const found = await behind(server, { host: 'localhost', port: server.port });
  assert.equal(statuses(found), ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
  assert.match(found[0]?.came ?? '', '127.0.0.1');
});

lines('an address needs no name server, and no host of manifests reaches a shell', async () => {
  const server = await listen(createTcp());
  try {
    const plain = { scheme: 'http' as const };
    const [address, connection] = await linesAt(
      { ...plain, host: '127.0.0.1', port: server.port },
      1,
    );
    assert.is(address?.means, 'an address, not a name');
    assert.is(connection?.status, 'ok');
    const [, strange] = await linesAt({ ...plain, host: '$(id);a.test' }, 1);
    assert.is(strange?.command, "nc -vz '$(id);a.test' 443");
  } finally {
    await server.close();
  }
});

lines('a name without an address', async () => {
  const found = await linesAt({ host: 'api.ml.invalid' }, 443, 20);
  assert.equal(statuses(found), ['failed', ...Array(6).fill('not tried')]);
});

lines('a name that looks like a flag is a name', async () => {
  const marker = join(temporaryFolder(), 'loaded');
  const code = folderWith({
    'evil.cjs': `require('fs').writeFileSync(${JSON.stringify(marker)}, '')`,
  });
  const [address] = await linesAt({ host: `--require=${join(code, 'evil.cjs')}` }, 443, 20);
  assert.is(address?.status, 'failed');
  assert.not.ok(existsSync(marker));
});

lines('an address from the command line says nothing of DNS', async () => {
  const found = await behind(await listen(createTls(cert, () => {})));
  assert.equal(statuses(found).slice(0, 2), ['not tried', 'ok']);
});

lines('HTTP/2 is needed for the API, and better for the page', async () => {
  const start = () => listen(createTls({ ...cert, ALPNProtocols: ['http/1.1'] }, () => {}));
  assert.is((await behind(await start())).at(-1)?.status, 'failed');
  assert.is((await behind(await start(), { roles: ['app'] })).at(-1)?.status, 'warning');
  // Without ALPN at all.
  assert.is((await behind(await listen(createTls(cert, () => {})))).at(-1)?.status, 'failed');
});

lines('nothing listens', async () => {
  const [, connection] = await linesAt({}, await unusedPort());
  assert.match(connection?.came ?? '', 'ECONNREFUSED');
});

lines('what listens does not speak TLS', async () => {
  const server = await listen(
    createTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  const [, connection] = await behind(server);
  assert.is(connection?.status, 'failed');
  assert.match(connection?.means ?? '', 'does not speak TLS');
});

lines('the connection is ended in the handshake', async () => {
  const [, connection] = await behind(await listen(createTcp((socket) => socket.destroy())));
  assert.is(connection?.status, 'failed');
  assert.match(connection?.came ?? '', 'no TLS handshake');
});

lines('silence in the handshake', async () => {
  const [, connection] = await behind(await listen(createTcp(() => {})), {}, 0.5);
  assert.is(connection?.came, 'nothing: the TLS handshake did not come in 0.5 s');
});

lines('a host without TLS has two lines', async () => {
  const server = await listen(createTcp(() => {}));
  const found = await behind(server, { scheme: 'http', port: 443 });
  assert.equal(statuses(found), ['not tried', 'ok']);
});

lines.run();
