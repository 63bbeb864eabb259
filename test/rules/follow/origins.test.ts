import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFinder, writeLike } from '../../../src/net/host-occurrences.ts';
import { replacementFor } from '../../../src/rules/follow/origins.ts';

const https = { isSecure: true, port: 443 };
const odd = { isSecure: true, port: 8443 };
const http = { isSecure: false, port: 80 };
const plainOdd = { isSecure: false, port: 8080 };

const cases: [from: typeof https, to: typeof https, before: string, after: string][] = [
  [https, https, 'https://app.old.example/x', 'https://app.new.example/x'],
  [https, odd, 'https://app.old.example/x', 'https://app.new.example:8443/x'],
  [https, odd, 'https://app.old.example:443/x', 'https://app.new.example:8443/x'],
  [https, odd, 'https://app.old.example:9443/x', 'https://app.new.example:9443/x'],
  [https, odd, 'http://app.old.example/x', 'http://app.new.example/x'],
  [https, odd, 'app.old.example:443', 'app.new.example:8443'],
  [https, odd, 'app.old.example', 'app.new.example'],
  [https, odd, 'app.old.example:*', 'app.new.example:*'],
  [https, odd, 'dns:///app.old.example:443', 'dns:///app.new.example:8443'],
  [
    https,
    odd,
    String.raw`^https://app\.old\.example$`,
    String.raw`^https://app\.new\.example:8443$`,
  ],
  [
    https,
    odd,
    String.raw`https:\/\/app\.old\.example`,
    String.raw`https:\/\/app\.new\.example:8443`,
  ],
  [odd, https, 'wss://app.old.example:8443/ws', 'wss://app.new.example/ws'],
  [odd, https, 'app.old.example:8443', 'app.new.example:443'],
  [http, https, 'http://app.old.example', 'https://app.new.example'],
  [http, https, 'ws://app.old.example:80', 'wss://app.new.example'],
  [https, plainOdd, 'grpcs://app.old.example', 'grpc://app.new.example:8080'],
  [https, http, 'https://app.old.example', 'http://app.new.example'],
];
for (const [from, to, before, after] of cases)
  test(`${before} becomes ${after}`, () => {
    const [found] = hostFinder(['app.old.example']).find(before);
    assert.ok(found);
    const next = replacementFor(before, found, writeLike(found, 'app.new.example'), from, to);
    assert.is(before.slice(0, next.start) + next.text + before.slice(next.end), after);
  });

test.run();
