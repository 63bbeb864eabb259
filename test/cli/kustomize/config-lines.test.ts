import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withConfigLines } from '../../../src/cli/kustomize/config-lines.ts';
import { configPlaces } from '../../../src/cli/kustomize/config-places.ts';
import { callFunction } from '../../../src/report/call.ts';
import { folderWith } from '../../support/temporary.ts';

const lines = suite('config-lines');
const HEADER = 'apiVersion: network.michelangelo.api/v1alpha1\nkind: DomainConfig\n';
const config = (name: string, domain: string) =>
  `${HEADER}metadata:\n  name: ${name}\nspec:\n  domain: ${domain}\n  tls:\n    mode: none\n`;

/** File, line and column of everything that the function says of these configs. */
function placesIn(files: Readonly<Record<string, string>>, configs: readonly string[]): string[] {
  const calls = configs.map((text) => callFunction(text, Buffer.from('')));
  const folder = folderWith(files);
  return withConfigLines(calls, configPlaces('.', folder), folder).flatMap(({ result }) =>
    result.problems
      .filter(({ code }) => code === 'config-host')
      .map(({ file, line, column }) => `${file}:${line}:${column}`),
  );
}

lines('a problem of the config has its line in the file that the overlay lists', () => {
  const wrong = config('dev', 'UPPER');
  const files = { 'kustomization.yaml': 'transformers: [domain.yaml]\n', 'domain.yaml': wrong };
  assert.equal(placesIn(files, [wrong]), ['domain.yaml:6:3']);
});

lines('of several DomainConfigs each has its own file', () => {
  const texts = [config('dev', 'UPPER'), `# Later\n${config('eu', 'UPPER')}`] as const;
  const files = {
    'kustomization.yaml': 'transformers: [a.yaml, b.yaml]\n',
    'a.yaml': texts[0],
    'b.yaml': texts[1],
  };
  assert.equal(placesIn(files, texts), ['a.yaml:6:3', 'b.yaml:7:3']);
});

lines('of two with one name nothing is said for certain', () => {
  const wrong = config('dev', 'UPPER');
  const files = {
    'kustomization.yaml': 'transformers: [a.yaml, b.yaml]\n',
    'a.yaml': wrong,
    'b.yaml': wrong,
  };
  assert.equal(placesIn(files, [wrong]), ['undefined:undefined:undefined']);
});

lines('a DomainConfig that stands in the kustomization has its line there', () => {
  const wrong = config('dev', 'UPPER');
  const inline = wrong.replaceAll(/^/gm, '    ').trimEnd();
  const files = { 'kustomization.yaml': `transformers:\n  - |\n${inline}\n` };
  assert.equal(placesIn(files, [wrong]), ['kustomization.yaml:8:7']);
});

lines.run();
