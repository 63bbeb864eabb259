import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UsageError } from '../../../src/cli/io.ts';
import { readWays } from '../../../src/cli/verify/ways.ts';

const ways = suite('--resolve and --connect-to');

ways('a host has an address for every port, or for one', () => {
  const all = readWays(['api.example.com:203.0.113.7']);
  assert.equal(all.to('API.example.com', 443), { address: '203.0.113.7', port: 443 });
  assert.equal(all.to('api.example.com', 80), { address: '203.0.113.7', port: 80 });
  assert.is(all.to('app.example.com', 443), undefined);
  const one = readWays(['api.example.com:443:[2001:db8::1]']);
  assert.equal(one.to('api.example.com', 443), { address: '2001:db8::1', port: 443 });
  assert.is(one.to('api.example.com', 80), undefined);
});

ways('another port goes before an address', () => {
  const both = readWays(['a.test:203.0.113.7'], ['a.test:443:127.0.0.1:8443']);
  assert.equal(both.to('a.test', 443), { address: '127.0.0.1', port: 8443 });
  assert.equal(both.to('a.test', 80), { address: '203.0.113.7', port: 80 });
});

ways('curl gets the words that lead the same way', () => {
  const both = readWays(['b.test:203.0.113.7'], ['a.test:443:127.0.0.1:8443']);
  assert.equal(both.curlWords('a.test', 443), ['--connect-to', 'a.test:443:127.0.0.1:8443']);
  assert.equal(both.curlWords('b.test', 443), ['--resolve', 'b.test:443:203.0.113.7']);
  assert.equal(both.curlWords('c.test', 443), []);
});

for (const word of [
  'a.test',
  'a.test:',
  ':1.2.3.4',
  'a.test:443',
  'a.test:0:1.2.3.4',
  'a.test:host',
  'a.test:2001:db8::1',
  'https://a.test:1.2.3.4',
])
  ways(`--resolve refuses ${word}`, () => {
    assert.throws(
      () => readWays([word]),
      (error: unknown) => error instanceof UsageError,
    );
  });

for (const word of [
  'a.test:443',
  'a.test:443:1.2.3.4',
  'a.test:1.2.3.4:443',
  'a.test:443:1.2.3.4:99999',
])
  ways(`--connect-to refuses ${word}`, () => {
    assert.throws(
      () => readWays([], [word]),
      (error: unknown) => error instanceof UsageError,
    );
  });

ways.run();
