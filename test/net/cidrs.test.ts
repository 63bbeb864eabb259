import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { asRange, cidrFault, isWithin, rangeFault } from '../../src/net/cidrs.ts';

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

const written: [text: string, reason: RegExp | undefined, suggestion?: string][] = [
  ['203.0.113.10', undefined],
  ['2001:db8::1', undefined],
  ['10.0.0.0/24', undefined],
  ['0.0.0.0/0', undefined],
  ['::/0', undefined],
  ['2001:db8::/48', undefined],
  ['2001:DB8::/48', undefined],
  ['::ffff:10.0.0.0/120', undefined],
  ['255.255.255.255/32', undefined],
  ['10.0.0.0', /no prefix length/],
  ['2001:db8::', /no prefix length/],
  ['10.0.0.7/24', /bits set behind/, '10.0.0.0/24'],
  ['10.0.7.255/21', /bits set behind/, '10.0.0.0/21'],
  ['255.255.255.255/1', /bits set behind/, '128.0.0.0/1'],
  ['1.2.3.4/0', /bits set behind/, '0.0.0.0/0'],
  ['2001:db8:0:1::7/64', /bits set behind/, '2001:db8:0:1::/64'],
  ['2001:db8:ffff::/36', /bits set behind/, '2001:db8:f000::/36'],
  ['::ffff:10.0.0.7/120', /bits set behind/, '::ffff:a00:0/120'],
  ['10.0.0.0/24/32', /two prefix lengths/, '10.0.0.0/24'],
  ['10.0.0.7/24/32', /two prefix lengths/, '10.0.0.0/24'],
  ['10.0.0.7/32/32', /two prefix lengths/, '10.0.0.7/32'],
  [' 10.0.0.7', /no prefix length/, '10.0.0.7/32'],
  [' 10.0.0.7/8', /white space/, '10.0.0.0/8'],
  ['10.0.0.0/33', /0 to 32/],
  ['10.0.0.1-10.0.0.9', /IP address/],
  ['[::1]/128', /IP address/],
  ['[::1]', /IP address/],
  ['k8s.example.com', /IP address/],
  ['', /IP address/],
];
for (const [text, reason, suggestion] of written)
  test(`${reason ? 'refuses' : 'accepts'} in a config ${JSON.stringify(text)}`, () => {
    const fault = rangeFault(text);
    if (reason === undefined) return assert.is(fault, undefined);
    assert.match(fault?.reason ?? '', reason);
    assert.is(fault?.suggestion, suggestion);
    if (suggestion !== undefined) assert.is(rangeFault(suggestion), undefined);
  });

for (const [text, range] of [
  ['203.0.113.10', '203.0.113.10/32'],
  ['2001:db8::1', '2001:db8::1/128'],
  ['10.0.0.0/24', '10.0.0.0/24'],
  ['2001:db8::/48', '2001:db8::/48'],
] as const)
  test(`writes ${text} as a range`, () => {
    assert.is(asRange(text), range);
    assert.is(cidrFault(range), undefined);
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
