/** Origin matchers in Envoy's config that let too much in, or that keep Envoy from starting. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { JsonObject } from '../../src/yaml/json.ts';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { editDocument, findingsIn, foreign, type Manifest, planted } from './support.ts';

const regex = (text: string): JsonObject => ({ safe_regex: { regex: text } });

const origins = (edit: (old: JsonObject[]) => JsonObject[]) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
    const manager = root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
    const [host] = manager.route_config.virtual_hosts;
    const policy = host.cors ?? host.typed_per_filter_config['envoy.filters.http.cors'];
    policy.allow_origin_string_match = edit(policy.allow_origin_string_match);
  });
const textOf = (json: JsonObject) =>
  String(json['exact'] ?? (json['safe_regex'] as JsonObject)['regex']);

const BOTH = ['production', 'dev', 'onprem', 'sound.yaml'] as const;
const TLS = ['production', 'onprem', 'sound.yaml'] as const;

const CHANGES: readonly PlantedChange[] = [
  {
    name: 'one more matcher lets all in',
    code: 'cors-any-origin',
    in: BOTH,
    plant: origins((old) => [...old, regex('.*')]),
  },
  {
    name: 'a star',
    code: 'cors-any-origin',
    in: BOTH,
    plant: origins(() => [{ exact: '*' }]),
  },
  {
    name: 'the dots are not escaped',
    code: 'cors-loose-origin',
    in: BOTH,
    plant: origins((old) => old.map((json) => regex(textOf(json).replaceAll('\\', '')))),
  },
  {
    name: 'a prefix',
    code: 'cors-loose-origin',
    in: TLS,
    plant: origins((old) => old.map((json) => ({ prefix: textOf(json).replaceAll('\\', '') }))),
  },
  {
    name: 'open at the end',
    code: 'cors-loose-origin',
    in: TLS,
    plant: origins((old) =>
      old.map((json) => regex(`${textOf(json).replaceAll(/\\?\./g, '\\.')}.*`)),
    ),
  },
  {
    name: 'a matcher that nobody can read',
    in: BOTH,
    plant: origins((old) => [...old, regex('\\p{Greek}+'), { custom: { name: 'own' } }]),
  },
];

await plantEach(CHANGES);
test('Envoy does not start with an origin that RE2 refuses', () => {
  const stream = planted(foreign(), (manifests) =>
    editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
      const manager = root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
      const policies = manager.route_config.virtual_hosts[0].typed_per_filter_config;
      policies['envoy.filters.http.cors'].allow_origin_string_match.push({
        safe_regex: { regex: 'https://(?!evil)[a-z]+\\.ml\\.acme\\.io' },
      });
    }),
  );
  const [found, ...others] = findingsIn(stream);
  assert.equal(others, []);
  assert.is(found?.code, 'cors-app-origin');
  assert.match(found?.message ?? '', 'will not start');
});

test.run();
