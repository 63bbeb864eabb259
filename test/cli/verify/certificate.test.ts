import { X509Certificate } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readAuthorities } from '../../../src/cli/verify/authorities.ts';
import {
  type Chain,
  judgeChain,
  judgeIssuer,
  judgeNames,
  judgeValidity,
} from '../../../src/cli/verify/certificate.ts';
import { resolveSettings, type Settings } from '../../../src/config/settings.ts';
import { makeAuthority } from '../../support/authority.ts';
import { folderWith } from '../../support/temporary.ts';

const HOST = 'api.example.com';

const own = await makeAuthority();
const letsEncrypt = await makeAuthority("Let's Encrypt");
const staging = await makeAuthority("(STAGING) Let's Encrypt");
const known = readAuthorities(own.file, '/');
const nobody = readAuthorities(undefined, '/');
const elsewhere = await letsEncrypt.issue([HOST]);

function chainOf(pem: string): Chain {
  const blocks = pem.match(/-----BEGIN[^-]*-----[^-]*-----END[^-]*-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block)) as unknown as Chain;
}

function settingsFor(tls: object): Settings {
  return resolveSettings({
    apiVersion: 'network.michelangelo.api/v1alpha1',
    kind: 'DomainConfig',
    metadata: { name: 'test' },
    spec: { domain: 'example.com', tls: tls as { mode: 'secret' } },
  });
}
const acme = (server?: string) =>
  settingsFor({ mode: 'acme', acme: { email: 'a@example.com', ...(server && { server }) } });

const sound = chainOf((await own.issue([HOST])).chain);
const names = suite('names of a certificate');

names('the host, or a wildcard for its first label', async () => {
  assert.is(judgeNames(HOST, sound).status, 'ok');
  const wildcard = chainOf((await own.issue(['*.example.com'])).chain);
  assert.is(judgeNames(HOST, wildcard).status, 'ok');
  assert.is(judgeNames('a.b.example.com', wildcard).status, 'failed');
});

names('those of another host are shown', () => {
  const { status, came } = judgeNames('app.example.com', sound);
  assert.is(status, 'failed');
  assert.is(came, HOST);
});

names.run();

const signers = suite('who signed');

for (const [title, settings, authority, status] of [
  ["production wants Let's Encrypt's own", acme(), letsEncrypt, 'ok'],
  ['production refuses staging', acme(), staging, 'failed'],
  ['production refuses others', acme(), own, 'failed'],
  ['staging wants staging', acme('staging'), staging, 'ok'],
  ['staging beside production is told', acme('staging'), letsEncrypt, 'warning'],
  ['another server is not judged', acme('https://acme.example.com/directory'), own, 'ok'],
  ['secret leaves it open', settingsFor({ mode: 'secret' }), own, 'ok'],
] as const)
  signers(title, async () => {
    const chain = chainOf((await authority.issue([HOST])).chain);
    assert.is(judgeIssuer(HOST, chain, settings, nobody).status, status);
  });

signers('mode ca wants the CA of --ca, and says where it is missing', async () => {
  const settings = settingsFor({ mode: 'ca', trust: 'preinstalled' });
  assert.is(judgeIssuer(HOST, sound, settings, known).status, 'ok');
  assert.is(judgeIssuer(HOST, sound, settings, nobody).status, 'not tried');
  const other = chainOf((await letsEncrypt.issue([HOST])).chain);
  assert.is(judgeIssuer(HOST, other, settings, known).status, 'failed');
});

signers.run();

const chains = suite('the chain of a certificate');

chains('complete up to somebody who is trusted', () => {
  const { status, means } = judgeChain(HOST, sound, undefined, known);
  assert.is(status, 'ok');
  assert.match(means, 'CN=root at its end is trusted');
});

chains('signed by the CA itself', async () => {
  const direct = chainOf((await own.issue([HOST], { signer: 'root' })).leaf);
  assert.is(judgeChain(HOST, direct, undefined, known).status, 'ok');
});

chains('without its intermediate, which is named', () => {
  const alone: Chain = [sound[0]];
  const { status, means } = judgeChain(HOST, alone, undefined, known);
  assert.is(status, 'failed');
  assert.match(
    means,
    'the intermediate certificate "O=Michelangelo test, CN=intermediate" is missing',
  );
  // With acme nobody else can have signed.
  assert.match(judgeChain(HOST, alone, acme(), nobody).means, 'is missing');
});

chains('what did not sign the certificate helps nobody, wherever it stands', () => {
  const [leaf, intermediate] = sound;
  const [, stale] = chainOf(elsewhere.chain);
  const [root] = chainOf(own.root);
  assert.ok(intermediate && stale && root);
  for (const sent of [[stale], [root], [stale, root]]) {
    const { status, came, means } = judgeChain(HOST, [leaf, ...sent], undefined, known);
    assert.is(status, 'failed');
    assert.match(came, 'none of them signed the certificate');
    assert.match(means, 'CN=intermediate" is missing');
  }
  for (const sent of [
    [root, intermediate],
    [stale, intermediate],
  ])
    assert.is(judgeChain(HOST, [leaf, ...sent], undefined, known).status, 'ok');
});

chains('a certificate that only names its signer is not signed by it', async () => {
  const namesake = await makeAuthority();
  const forged = chainOf((await namesake.issue([HOST])).leaf);
  const [, intermediate] = sound;
  assert.ok(intermediate);
  assert.is(judgeChain(HOST, [forged[0], intermediate], undefined, known).status, 'failed');
});

chains('up to somebody whom nobody knows', () => {
  const { status, means } = judgeChain(HOST, sound, settingsFor({ mode: 'secret' }), nobody);
  assert.is(status, 'failed');
  assert.match(means, '--ca FILE');
});

chains('of an internal CA that was not given is not judged', () => {
  const settings = settingsFor({ mode: 'ca', trust: 'preinstalled' });
  assert.is(judgeChain(HOST, sound, settings, nobody).status, 'not tried');
});

chains('of staging is not judged, since nobody trusts it', async () => {
  const chain = chainOf((await staging.issue([HOST])).chain);
  assert.is(judgeChain(HOST, chain, acme('staging'), nobody).status, 'not tried');
  // In production one fault is one failed line: who signed, and the chain has the same cause.
  const [issuer, whole] = [judgeIssuer, judgeChain].map((judge) =>
    judge(HOST, chain, acme(), nobody),
  );
  assert.is(whole?.status, 'failed');
  assert.equal(whole?.causes, issuer?.causes);
});

chains.run();

const dates = suite('how long a certificate lasts');
const DAY = 86_400_000;

for (const [days, after, status] of [
  [90, 0, 'ok'],
  [90, 68, 'ok'],
  [90, 70, 'warning'],
  [90, 91, 'failed'],
  [6, 3, 'ok'],
  [6, 5, 'warning'],
  [90, -2, 'failed'],
] as const)
  dates(`of ${days} days after ${after}: ${status}`, async () => {
    const chain = chainOf((await own.issue([HOST], { days })).chain);
    assert.is(judgeValidity(chain, Date.now() + after * DAY).status, status);
  });

dates('an intermediate that ends first counts', () => {
  const { status, came } = judgeValidity(
    [chainOf(own.root)[0], sound[1] as X509Certificate],
    Date.now() + 301 * DAY,
  );
  assert.is(status, 'failed');
  assert.match(came, 'the intermediate "O=Michelangelo test, CN=intermediate" ended on');
});

dates.run();

const files = suite('--ca');

files('a file without a certificate is refused', () => {
  const folder = folderWith({
    'ca.pem': 'nothing',
    'half.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  });
  for (const name of ['ca.pem', 'half.pem'])
    assert.throws(
      () => readAuthorities(name, folder),
      /--ca .* has no certificate that can be read/,
    );
});

files.run();
