import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matchesWildcard } from '../../src/net/wildcards.ts';

const names: [pattern: string, name: string, one: boolean, any: boolean][] = [
  ['app.example.com', 'app.example.com', true, true],
  ['App.example.com', 'app.EXAMPLE.com', true, true],
  ['app.example.com', 'api.example.com', false, false],
  ['*.example.com', 'app.example.com', true, true],
  ['*.Example.com', 'APP.example.com', true, true],
  ['*.example.com', 'a.b.example.com', false, true],
  ['*.example.com', '*.example.com', true, true],
  ['*.example.com', 'example.com', false, false],
  ['*.example.com', '.example.com', false, false],
  ['*.example.com', 'appexample.com', false, false],
  ['app.example.com', '*.example.com', false, false],
  ['*', 'app', false, false],
];
for (const [pattern, name, one, any] of names)
  test(`${pattern} and ${name}`, () => {
    assert.is(matchesWildcard(pattern, name, 'one'), one);
    assert.is(matchesWildcard(pattern, name, 'any'), any);
  });

test.run();
