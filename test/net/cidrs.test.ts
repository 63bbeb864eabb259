import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cidrFault, isWithin } from '../../src/net/cidrs.ts';

const ranges: [text: string, reason: RegExp | undefined, suggestion?: string][] = [
  ['10.0.0.0/24', undefined],
  ['0.0.0.0/0', undefined],
  ['2001:db8::/32', undefined],
  ['::1/128', undefined],
  ['::ffff:10.0.0.0/120', undefined],
  ['10.0.0.0/24/32', /two prefix lengths/, '10.0.0.0/24'],
  ['10.0.0.7/24/32', /two prefix lengths/, '10.0.0.7/24'],
  ['10.0.0.0', /no prefix length/],
  ['2001:db8::', /no prefix length/],
  ['10.0.0.1', /no prefix length/, '10.0.0.1/32'],
  ['::1', /no prefix length/, '::1/128'],
  ['10.0.0.7/8', undefined],
  ['2001:db8::1/32', undefined],
  ['10.0.0.0/33', /0 to 32/],
  ['10.0.0.0/08', /0 to 32/],
  ['10.0.0.0/', /0 to 32/],
  ['::/129', /0 to 128/],
  ['example.com/32', /IP address/],
  ['[::1]/128', /IP address/],
  ['010.0.0.0/8', /IP address/],
  ['', /IP address/],
  [' 10.0.0.0/8', /white space/, '10.0.0.0/8'],
];
for (const [text, reason, suggestion] of ranges)
  test(`${reason ? 'refuses' : 'accepts'} the range ${JSON.stringify(text)}`, () => {
    const fault = cidrFault(text);
    if (reason === undefined) return assert.is(fault, undefined);
    assert.match(fault?.reason ?? '', reason);
    assert.is(fault?.suggestion, suggestion);
  });

for (const [part, whole, expected] of [
  ['10.1.0.0/16', '10.0.0.0/8', true],
  ['10.0.0.0/8', '10.0.0.0/8', true],
  ['10.0.0.0/8', '10.1.0.0/16', false],
  ['11.0.0.0/16', '10.0.0.0/8', false],
  ['2001:db8:1::/48', '2001:db8::/32', true],
  ['2001:db9::/48', '2001:db8::/32', false],
  ['10.0.0.0/8', '::/0', undefined],
  ['10.0.0.0', '0.0.0.0/0', undefined],
] as const)
  test(`${part} in ${whole}: ${expected}`, () => {
    assert.is(isWithin(part, whole), expected);
  });

test.run();
