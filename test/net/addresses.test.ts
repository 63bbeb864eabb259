import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  isIp,
  isIpv6,
  joinHostPort,
  printAddress,
  readAddress,
  readHostAndPort,
  splitAddress,
} from '../../src/net/addresses.ts';

/** Scheme, host, port and path; undefined for what is not an address. */
const read: [text: string, parts?: [string | undefined, string, number | undefined, string]][] = [
  ['api.example.com:443', [undefined, 'api.example.com', 443, '']],
  [' API.example.com. ', [undefined, 'api.example.com', undefined, '']],
  ['dns:///api.example.com:443', [undefined, 'api.example.com', 443, '']],
  ['dns://10.0.0.10/api:443', [undefined, 'api', 443, '']],
  ['dns:api:443', [undefined, 'api', 443, '']],
  ['[::1]:9000', [undefined, '[::1]', 9000, '']],
  ['HTTPS://s3.example.com/bucket?x', ['https', 's3.example.com', undefined, '/bucket?x']],
  ['http://minio:9000/', ['http', 'minio', 9000, '/']],
  ['$(HOST):80', [undefined, '$(host)', 80, '']],
  ['::1'],
  ['[::1'],
  ['a:b:80'],
  ['a:'],
  ['a:*'],
  ['a:123456'],
  ['user@a:80'],
  ['a b:80'],
  [''],
];
for (const [text, parts] of read)
  test(`reads ${JSON.stringify(text)}`, () => {
    const address = readAddress(text);
    const found = address && [address.scheme, address.host, address.port, address.path];
    assert.equal(found, parts);
  });

test('gives a gRPC client no URL', () => {
  assert.is(readHostAndPort('dns:///a:80')?.host, 'a');
  for (const text of ['http://a:80', 'a:80/', 'a:80?x'])
    assert.is(readHostAndPort(text), undefined, text);
});

test('cuts what is not an address, so that it can be said what is wrong', () => {
  const cut = (text: string) => {
    const { scheme, user, host, port, path } = splitAddress(text);
    return [scheme, user, host, port, path];
  };
  assert.equal(cut('s3://u:p@A.b:*/x#y'), ['s3', 'u:p', 'A.b', '*', '/x#y']);
  assert.equal(cut('2001:db8::1'), [undefined, undefined, '2001:db8::1', undefined, '']);
  assert.equal(cut('[::1]:'), [undefined, undefined, '[::1]', '', '']);
});

test('prints the parts that are there', () => {
  assert.is(printAddress({ scheme: 'https', host: 'a', port: 80 }), 'https://a:80');
  assert.is(printAddress({ scheme: undefined, host: 'a', port: undefined }), 'a');
});

test('puts an IPv6 address into brackets before a port', () => {
  assert.is(joinHostPort('fd00::5', 15566), '[fd00::5]:15566');
  assert.is(joinHostPort('[fd00::5]', '15566'), '[fd00::5]:15566');
  assert.is(joinHostPort('10.4.1.17', 15566), '10.4.1.17:15566');
  assert.is(joinHostPort('a.example', 80), 'a.example:80');
  assert.is(joinHostPort('', 80), ':80');
});

test('knows IP addresses', () => {
  for (const text of ['10.0.0.1', '::1', '[::1]', '::ffff:10.0.0.1']) assert.ok(isIp(text), text);
  for (const text of ['010.0.0.1', '256.0.0.1', '1.2.3', 'a', '', 'fe80::1%eth0', '::1]'])
    assert.not(isIp(text), text);
  assert.not(isIpv6('10.0.0.1'));
});

test.run();
