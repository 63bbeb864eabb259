import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { base64Forms, fromBase64, withoutEscapes } from '../../src/net/hidden-texts.ts';
import { isForPrograms } from '../../src/net/host-texts.ts';

const forPrograms = [
  'app.example.com',
  'https://app.example.com/x?y=z',
  'a.example.com, b.example.com;c.example.com',
  'https://a.example.com  http://localhost:3000 *.example.com',
  'app.example.com\napi.example.com:443\n',
  '192.0.2.1 app.example.com',
  "default-src 'self'; connect-src https://app.example.com wss://app.example.com; upgrade-insecure-requests",
  'Host(`app.example.com`) && (PathPrefix(`/x`) || !Method(`GET`, `HEAD`))',
  'API_HOST=api.example.com\nAPP_URL=https://app.example.com',
  '--api-host api.example.com --port 443 --tls=true',
  '"a.example.com", "b.example.com"',
  'Host: app.example.com',
  '{{ .Values.scheme }}://app.example.com/{{ .Path }}',
];
for (const text of forPrograms)
  test(`is for programs: ${text}`, () => {
    assert.ok(isForPrograms(text));
  });

const forPeople = [
  'See https://app.example.com for more',
  'the host is app.example.com.',
  'return 301 https://app.example.com;',
  'add_header Access-Control-Allow-Origin https://app.example.com;',
  'curl -fsS https://app.example.com/healthz',
  'if (x) Host(`app.example.com`)',
  'server_name app.example.com;',
  '{{ .Host | default "app.example.com" }}',
  '# app.example.com\napp.example.com',
];
for (const text of forPeople)
  test(`may be prose or code: ${text}`, () => {
    assert.not(isForPrograms(text));
  });

test('writes escapes of plain characters out', () => {
  assert.is(withoutEscapes(String.raw`\u0061pp\x2eold`), 'app.old');
  assert.is(withoutEscapes('"app.\\\n   old"'), '"app.old"');
  assert.is(withoutEscapes('app.old'), undefined);
});

test('reads base64, its lines cut or not', () => {
  const data = Buffer.from('https://app.example.com').toString('base64');
  assert.is(fromBase64(data), 'https://app.example.com');
  assert.is(fromBase64(`${data.slice(0, 10)}\n  ${data.slice(10)}\n`), 'https://app.example.com');
  assert.is(fromBase64('app.example.com'), undefined);
});

test('knows a text in base64 wherever it begins and ends', () => {
  const forms = base64Forms('app.example.com');
  for (const before of ['', 'a', 'ab', 'abc'])
    for (const after of ['', 'a', 'ab']) {
      const encoded = Buffer.from(`${before}app.example.com${after}`).toString('base64');
      assert.ok(
        forms.some((form) => encoded.includes(form)),
        `${before}, ${after}`,
      );
    }
});

test.run();
