/** Which names were probably meant to be another. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  areNearNames,
  isMisspelled,
  isMisspelledName,
  prefixOf,
  withoutHash,
} from '../../src/surface/near-names.ts';

const test = suite('near names');

test('what a layer puts around a name is found, and nothing in another name', () => {
  assert.is(prefixOf('api', 'prod-api'), 'prod-');
  assert.is(prefixOf('api', 'storage'), '');
  assert.is(prefixOf('api', 'prodapi'), '');
  assert.is(withoutHash('config-2bcdfghkmt'), 'config');
  assert.is(withoutHash('config-2bcdfghkm'), 'config-2bcdfghkm');
  assert.ok(areNearNames('api', 'prod-api'));
  assert.ok(areNearNames('api-blue', 'api'));
  assert.not(areNearNames('api', 'apiary'));
  assert.not(areNearNames('', '-api'));
  assert.not(areNearNames('api', 'api'));
});

test('one letter of a short name is misspelled, two of a long one, and a digit of none', () => {
  assert.ok(isMisspelled('envoi', 'envoy'));
  assert.not(isMisspelled('envio', 'envoy'));
  assert.ok(isMisspelled('apisevrer', 'apiserver'));
  assert.not(isMisspelled('apsrvre', 'apiserver'));
  assert.ok(isMisspelled('pastgras', 'postgres'));
  assert.not(isMisspelled('pastgra', 'postgre'));
  assert.not(isMisspelled('api-1', 'api-2'));
  assert.not(isMisspelled('api', 'api'));
});

test('of several words one may be misspelled, and none of two letters', () => {
  assert.ok(isMisspelledName('ma-apiserver', 'ma-apisever'));
  assert.not(isMisspelledName('ma-ui', 'ma-api'));
  assert.not(isMisspelledName('eu.acme.io', 'us.acme.io'));
  assert.not(isMisspelledName('envoi.acme.io', 'envoy.acne.io'));
});

test.run();
