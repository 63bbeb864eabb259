import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFinder, writeLike } from '../../src/net/host-occurrences.ts';
import fc from '../support/fast-check.ts';

const OLD = ['api.old.example.com', 'app.old.example.com'];
const finder = hostFinder(OLD);

/** The text with `new.example.org` in place of every whole host. */
function replace(text: string): string {
  let result = '';
  let position = 0;
  for (const found of finder.find(text).filter(({ form }) => form === 'whole')) {
    result += text.slice(position, found.start) + writeLike(found, 'new.example.org');
    position = found.end;
  }
  return result + text.slice(position);
}

const whole: [text: string, expected: string][] = [
  ['app.old.example.com', 'new.example.org'],
  ['APP.Old.example.com', 'new.example.org'],
  ['app.old.example.com.', 'new.example.org.'],
  ['app.old.example.com:443', 'new.example.org:443'],
  ['app.old.example.com:*', 'new.example.org:*'],
  ['wss://app.old.example.com/ws?x=1', 'wss://new.example.org/ws?x=1'],
  ['https://user:pw@app.old.example.com/', 'https://user:pw@new.example.org/'],
  ['https://app.old.example.com?x', 'https://new.example.org?x'],
  ['dns:///api.old.example.com:443', 'dns:///new.example.org:443'],
  ['api.old.example.com,app.old.example.com', 'new.example.org,new.example.org'],
  ['Host(`app.old.example.com`)', 'Host(`new.example.org`)'],
  [String.raw`^https://app\.old\.example\.com$`, String.raw`^https://new\.example\.org$`],
  [
    String.raw`https:\/\/app\.old\.example\.com(:\d+)?`,
    String.raw`https:\/\/new\.example\.org(:\d+)?`,
  ],
  [String.raw`app\\.old\\.example\\.com`, String.raw`new\\.example\\.org`],
  ['app[.]old[.]example[.]com', 'new[.]example[.]org'],
  [String.raw`(.+\.)?app\.old\.example\.com`, String.raw`(.+\.)?new\.example\.org`],
  [String.raw`\bapp\.old\.example\.com\b`, String.raw`\bnew\.example\.org\b`],
  ['app.old.example.com.*', 'new.example.org.*'],
  ['${HOST:-app.old.example.com}', '${HOST:-new.example.org}'],
  ['${HOST-app.old.example.com}', '${HOST-new.example.org}'],
  [
    '/start?rd=https%3A%2F%2Fapp.old.example.com%2Fx',
    '/start?rd=https%3A%2F%2Fnew.example.org%2Fx',
  ],
  ['app%2Eold%2eexample%2Ecom', 'new%2Eexample%2Eorg'],
  ['https://app.old.example.com$request_uri', 'https://new.example.org$request_uri'],
];
for (const [text, expected] of whole)
  test(`follows ${text}`, () => {
    assert.is(replace(text), expected);
  });

const other = [
  'xapp.old.example.com',
  'x-app.old.example.com',
  '_app.old.example.com',
  'app.old.example.com.evil.org',
  String.raw`app\.old\.example\.com\.evil\.org`,
  'app.old.example.com-tls',
  'app.old.example.commerce',
  'app%2Dapp.old.example.com',
  'app.old.example.com%2Eorg',
  'old.example.com',
  'appXold.example.com',
];
for (const text of other)
  test(`finds nothing in ${text}`, () => {
    assert.equal(finder.find(text), []);
  });

const forms: [text: string, form: string, name: string][] = [
  ['www.app.old.example.com', 'below', 'www.app.old.example.com'],
  ['*.app.old.example.com', 'below', '*.app.old.example.com'],
  ['.app.old.example.com', 'below', 'app.old.example.com'],
  [String.raw`[a-z]+\.app\.old\.example\.com`, 'below', 'app.old.example.com'],
  ['ops@app.old.example.com', 'unclear', 'app.old.example.com'],
  [String.raw`.*app\.old\.example\.com`, 'unclear', 'app.old.example.com'],
  [String.raw`app\.old\.example\.com*`, 'unclear', 'app.old.example.com'],
];
for (const [text, form, name] of forms)
  test(`does not follow ${text}`, () => {
    assert.equal(
      finder.find(text).map((found) => [found.form, found.name]),
      [[form, name]],
    );
    assert.is(replace(text), text);
  });

test('finds a host in its own letters, and not for sure beside others', () => {
  const idn = hostFinder(['app.xn--bcher-kva.example', 'xn--bcher-kva.example']);
  const found = (text: string) => idn.find(text).map(({ form, host }) => [form, host]);
  const whole = [['whole', 'app.xn--bcher-kva.example']];
  assert.equal(found('https://app.bücher.example/'), whole);
  assert.equal(found('https://APP.BÜCHER.example/'), whole);
  assert.equal(found('https://app.xn--bcher-kva.example/'), whole);
  assert.equal(found('xbücher.example'), []);
  assert.equal(found('großbücher.example'), [['unclear', 'xn--bcher-kva.example']]);
});

test('finds domains behind a dot that no label stands before', () => {
  const domain = hostFinder([], ['example.com']);
  for (const text of ['.example.com', '*.example.com', String.raw`.+\\.example\\.com`])
    assert.is(domain.find(text).length, 1, text);
  for (const text of [
    'example.com',
    'x.example.com',
    String.raw`x\.example\.com`,
    '.example.community',
  ])
    assert.equal(domain.find(text), [], text);
});

test('finds the longer one of two that begin alike', () => {
  const found = hostFinder(['a.example', 'a.example.com']).find('a.example.com a.example');
  assert.equal(
    found.map(({ host }) => host),
    ['a.example.com', 'a.example'],
  );
});

test('finds each of many, where few of them stand', () => {
  const hosts = Array.from({ length: 4000 }, (_, index) => `app${index}.old.example.com`);
  const few = hosts.slice(0, 250);
  const text = few.join(' ');
  const found = hostFinder(hosts).find(text);
  assert.equal(
    found.map(({ host }) => host),
    few,
  );
});

test('finds nothing where there is no host to look for', () => {
  assert.not(hostFinder([]).mayStandIn(''));
  assert.equal(hostFinder([]).find('app.old.example.com'), []);
});

/** Hosts, and what may stand around them. */
const piece = fc.oneof(
  fc.constantFrom(
    ...OLD,
    'old.example.com',
    'other.example.net',
    String.raw`app\.old\.example\.com`,
  ),
  fc.constantFrom(
    '.',
    '-',
    'x',
    '_',
    '/',
    '://',
    'https://',
    ':443',
    ',',
    ' ',
    '"',
    '`',
    '@',
    '*',
    '\\',
    '%2F',
    '(',
    ')?',
  ),
  fc.string({ maxLength: 3 }),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

test('changes nothing that is no whole host, and leaves none of them', () => {
  fc.assert(
    fc.property(text, (before) => {
      const after = replace(before);
      const count = finder.find(before).filter(({ form }) => form === 'whole').length;
      const bare = (one: string) =>
        one.replace(
          /new(\\*\.|\[\.\])example\1org|a(?:pi|pp)(\\*\.|\[\.\])old(?:\\*\.|\[\.\])example(?:\\*\.|\[\.\])com/gi,
          '#',
        );
      assert.is(bare(after), bare(before));
      assert.is(
        after.split(/new\S{1,3}example/).length - before.split(/new\S{1,3}example/).length,
        count,
      );
      assert.equal(
        finder.find(after).filter(({ form }) => form === 'whole'),
        [],
      );
      assert.is(replace(after), after);
    }),
    { numRuns: 2000 },
  );
});

test.run();
