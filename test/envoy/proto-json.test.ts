import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectionManagers, objectsAt } from '../../src/envoy/bootstrap.ts';
import {
  fieldsAt,
  isEnum,
  isTrue,
  numberOf,
  spelled,
  spelledTwice,
  viewOf,
} from '../../src/envoy/proto-json.ts';

const test = suite('proto3 JSON');

test('is the value itself where every field has underscores', () => {
  const json = { http_filters: [{ name: 'cors' }], name: 'aB' };
  assert.is(viewOf(json), json);
});

test('reads either spelling, and joins lists in the order of the file', () => {
  const json = { httpFilters: [{ name: 'a' }], http_filters: [{ name: 'b' }] };
  assert.equal(viewOf(json), { http_filters: [{ name: 'a' }, { name: 'b' }] });
  assert.equal(
    objectsAt(json, ['http_filters']).map(({ path }) => path),
    [
      ['httpFilters', 0],
      ['http_filters', 0],
    ],
  );
});

test('takes the last of a scalar in both spellings, as Envoy does', () => {
  assert.equal(viewOf({ maxAge: '1', max_age: '2' }), { max_age: '2' });
});

test('leaves names of filters alone', () => {
  const json = { typedPerFilterConfig: { myCors: { allowHeaders: 'a' } } };
  assert.equal(viewOf(json), { typed_per_filter_config: { myCors: { allow_headers: 'a' } } });
});

test('spells a path as the document does, and what is not there with underscores', () => {
  const json = { routeConfig: { virtualHosts: [{}] } };
  const path = ['route_config', 'virtual_hosts', 0, 'retry_policy'];
  assert.equal(spelled(json, path), ['routeConfig', 'virtualHosts', 0, 'retry_policy']);
  assert.equal(fieldsAt(json, path), []);
});

test('names messages that stand there twice', () => {
  const json = { a: [{ routeConfig: {}, route_config: {}, maxAge: '1', max_age: '2' }] };
  assert.equal(spelledTwice(json), [['a', 0, 'routeConfig']]);
});

test('looks into a TypedStruct', () => {
  const value = { statPrefix: 'app' };
  const config = {
    '@type': 'type.googleapis.com/xds.type.v3.TypedStruct',
    type_url: 'type.googleapis.com/a.HttpConnectionManager',
    value,
  };
  const chain = { filters: [{ name: 'http', typedConfig: config }] };
  const [manager] = connectionManagers({
    staticResources: { listeners: [{ filterChains: [chain] }] },
  });
  assert.is(manager?.value['stat_prefix'], 'app');
  assert.equal(manager?.path.slice(-2), ['typedConfig', 'value']);
});

test('reads numbers, enums and booleans as Envoy does', () => {
  assert.equal(['80', 80, '8.0', '', true, '8x'].map(numberOf), [
    80,
    80,
    8,
    undefined,
    undefined,
    undefined,
  ]);
  assert.ok(isEnum('strict_dns', 'STRICT_DNS', 1) && isEnum('1', 'STRICT_DNS', 1));
  assert.not(isEnum(undefined, 'STATIC', 0));
  assert.ok(isTrue('true') && !isTrue('false'));
});

test.run();
