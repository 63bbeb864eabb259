import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { aliasSecretName } from '../../src/config/public-hosts.ts';
import { settingsOf } from './fixtures.ts';

test('fills in the defaults', () => {
  const settings = settingsOf();
  assert.equal(settings.hosts.api, [
    {
      host: 'api.ml.example.com',
      secretName: 'michelangelo-apiserver-tls',
      from: 'spec.domain',
      secretFrom: 'spec.tls.mode',
    },
  ]);
  assert.equal(settings.hosts.app, [
    {
      host: 'app.ml.example.com',
      secretName: 'michelangelo-ui-tls',
      from: 'spec.domain',
      secretFrom: 'spec.tls.mode',
    },
  ]);
  assert.is(settings.port, 443);
  assert.is(settings.scheme, 'https');
  assert.is(settings.apiAddress, 'public');
  assert.is(settings.publicApiAddress, 'api.ml.example.com:443');
  assert.is(settings.appOrigin, 'https://app.ml.example.com');
  assert.is(settings.role, 'control-plane');
  assert.is(settings.terminateAt, 'entry');
  assert.is(settings.absent.size, 0);
});

test('serves plain http on port 80 with mode none, and workers use the Service', () => {
  const settings = settingsOf({ tls: { mode: 'none' } });
  assert.is(settings.appOrigin, 'http://app.ml.example.com');
  assert.is(settings.port, 80);
  assert.is(settings.apiAddress, 'service');
  assert.is(settings.hosts.api[0].secretName, undefined);
  assert.is(settings.hosts.api[0].secretFrom, 'spec.tls.mode');
});

test('keeps what is written', () => {
  const settings = settingsOf({
    hosts: { api: 'grpc.example.com', app: 'studio.example.com' },
    tls: { mode: 'secret', secrets: { api: 'a', app: 'b' } },
    port: 8443,
    worker: { apiAddress: 'service' },
    absent: ['ui', 'worker'],
  });
  assert.equal(settings.hosts.api[0], {
    host: 'grpc.example.com',
    secretName: 'a',
    from: 'spec.hosts.api',
    secretFrom: 'spec.tls.secrets.api',
  });
  assert.is(settings.appOrigin, 'https://studio.example.com:8443');
  assert.is(settings.publicApiAddress, 'grpc.example.com:8443');
  assert.is(settings.apiAddress, 'service');
  assert.equal([...settings.absent], ['ui', 'worker']);
});

test('leaves out the port in the origin only where it is the scheme’s own', () => {
  assert.is(
    settingsOf({ tls: { mode: 'none' }, port: 443 }).appOrigin,
    'http://app.ml.example.com:443',
  );
  assert.is(
    settingsOf({ tls: { mode: 'external' }, port: 443 }).appOrigin,
    'https://app.ml.example.com',
  );
});

test('gives a page without a host of its own that of the app, and one certificate', () => {
  for (const hosts of [
    {},
    { ui: 'app.ml.example.com' },
    { app: 'x.example.com', ui: 'x.example.com' },
  ]) {
    const settings = settingsOf({ hosts, tls: { mode: 'secret' } });
    assert.not.ok(settings.hasPageHost);
    assert.is(settings.hosts.ui, settings.hosts.app);
    assert.is(settings.hosts.app[0].secretName, 'michelangelo-ui-tls');
  }
});

test('lets in the origin of a page with a host of its own, and calls the app', () => {
  const settings = settingsOf({
    hosts: { ui: 'studio.example.com', aliases: { ui: ['studio.old.example.com'] } },
    tls: { mode: 'secret' },
  });
  assert.equal(
    settings.origins.map(({ origin }) => origin),
    ['https://studio.example.com', 'https://studio.old.example.com'],
  );
  assert.is(settings.appOrigin, 'https://app.ml.example.com');
  assert.is(settings.hosts.app[0].secretName, 'michelangelo-app-tls');
  assert.is(settings.hosts.ui[0].secretName, 'michelangelo-ui-tls');
});

const aliases = {
  aliases: {
    app: [
      'app.old.example.com',
      { host: 'x.example.com', secretName: 's' },
      { host: 'y.example.com' },
    ],
  },
};

test('gives each alias a Secret, or the one that is written', () => {
  assert.equal(settingsOf({ hosts: aliases }).hosts.app.slice(1), [
    {
      host: 'app.old.example.com',
      secretName: 'michelangelo-ui-tls-app-old-example-com',
      from: 'spec.hosts.aliases.app[0]',
      secretFrom: 'spec.hosts.aliases.app[0]',
    },
    {
      host: 'x.example.com',
      secretName: 's',
      from: 'spec.hosts.aliases.app[1].host',
      secretFrom: 'spec.hosts.aliases.app[1].secretName',
    },
    {
      host: 'y.example.com',
      secretName: 'michelangelo-ui-tls-y-example-com',
      from: 'spec.hosts.aliases.app[2].host',
      secretFrom: 'spec.hosts.aliases.app[2].host',
    },
  ]);
});

test('uses one wildcard Secret for the aliases as well', () => {
  const tls = { mode: 'secret', secrets: { api: 'wild', app: 'wild' } };
  const names = settingsOf({ hosts: aliases, tls }).hosts.app.map(({ secretName }) => secretName);
  assert.equal(names, ['wild', 'wild', 's', 'wild']);
});

test('keeps two long aliases apart in names of 253 characters', () => {
  const secret = 's'.repeat(200);
  const host = (end: string) => `${'a'.repeat(60)}.${end}.example.com`;
  const [left, right] = [aliasSecretName(secret, host('b')), aliasSecretName(secret, host('c'))];
  assert.is.not(left, right);
  assert.is(aliasSecretName(secret, host('b')), left);
  for (const name of [left, right]) assert.match(name, /^[a-z0-9]([-a-z0-9]{0,251}[a-z0-9])$/);
});

test('allows the origins of the app, then those of the config, each once', () => {
  const { origins } = settingsOf({
    hosts: { aliases: { app: ['app.old.example.com'] } },
    port: 8443,
    cors: { allowOrigins: ['https://app.old.example.com:8443', 'http://localhost:*'] },
  });
  assert.equal(origins, [
    {
      origin: 'https://app.ml.example.com:8443',
      regex: 'https://app\\.ml\\.example\\.com:8443',
      from: 'spec.domain',
    },
    {
      origin: 'https://app.old.example.com:8443',
      regex: 'https://app\\.old\\.example\\.com:8443',
      from: 'spec.hosts.aliases.app[0]',
    },
    {
      origin: 'http://localhost:*',
      regex: 'http://localhost(:[0-9]{1,5})?',
      from: 'spec.cors.allowOrigins[1]',
    },
  ]);
});

test.run();
