import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { holds } from '../../src/report/host-filter.ts';

const filter = suite('host filter');

for (const value of [
  'api.example.com',
  'API.example.com:443',
  'https://api.example.com/path',
  'https://api\\.example\\.com',
  { hosts: ['x', 'api.example.com'] },
])
  filter(`finds it in ${JSON.stringify(value)}`, () => {
    assert.ok(holds(value, 'api.example.com'));
  });

for (const value of [
  'my-api.example.com',
  'x.api.example.com',
  'api.example.com.evil.test',
  'api.example.community',
  'apixexample.com',
  { 'api.example.com': true },
  443,
])
  filter(`does not find it in ${JSON.stringify(value)}`, () => {
    assert.not.ok(holds(value, 'api.example.com'));
  });

filter.run();
