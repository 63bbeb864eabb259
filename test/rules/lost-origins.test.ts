/** Which origins of a policy of the base go, and which belong to a host that is followed. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/load.ts';
import { lostOrigins } from '../../src/rules/lost-origins.ts';

const { settings } = loadConfig(`apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: { name: test }
spec: { domain: ml.example.com, tls: { mode: secret } }
`);

function lost(...matchers: Record<string, string>[]): string[] {
  assert.ok(settings);
  const policy = { allow_origin_string_match: matchers };
  return lostOrigins(policy, settings, ['app.old.example.com']);
}

for (const [form, text, isLost] of [
  ['exact', 'https://app.old.example.com', false],
  ['exact', 'https://app.ml.example.com', false],
  ['exact', 'https://app.old.example.org', true],
  ['exact', 'https://partner.example', true],
  ['prefix', 'https://app.old', false],
  ['prefix', 'https://app.older', true],
  ['prefix', 'https://', true],
  ['prefix', 'http', true],
  ['suffix', '.old.example.com', false],
  ['suffix', '.partner.example', true],
  ['safe_regex', 'https://app[.]old[.]example[.]com', false],
  ['safe_regex', 'https://app\\.partner\\.example', true],
] as const)
  test(`${form} ${text} ${isLost ? 'goes' : 'is kept'}`, () => {
    assert.equal(
      lost({ [form]: text }),
      isLost ? [form === 'exact' ? text : `${form}: ${text}`] : [],
    );
  });

test('each is named once', () => {
  const partner = { exact: 'https://partner.example' };
  assert.equal(lost(partner, partner), ['https://partner.example']);
});

test.run();
