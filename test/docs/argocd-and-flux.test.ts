/** docs/argocd-and-flux.md names files that are there, and shows what they have. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { packageRoot } from '../../src/build/paths.ts';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const page = read('docs/argocd-and-flux.md');
const docs = suite('docs/argocd-and-flux.md');

docs('names files that are there', () => {
  const links = [...page.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path]) =>
    join('docs', path ?? ''),
  );
  const named = [...page.matchAll(/\b(?:argocd|flux|ci)\/[-\w/.]*\w/g)]
    .map(([path]) => path)
    // The folder of an image, and an annotation's or a picture's name.
    .filter((path) => !path.startsWith('argocd/v'));
  assert.ok(links.length > 2 && named.length > 10);
  for (const path of [...links, ...named]) assert.ok(existsSync(join(packageRoot, path)), path);
});

docs('shows the file of an environment as it is', () => {
  const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) => text ?? '');
  assert.is(blocks.length, 2);
  assert.is(blocks[0], read('overlays/staging/environment.yaml'));
  const { source } = parse(blocks[1]?.replaceAll(/: (.*\{\{.*)$/gm, ": '$1'") ?? '');
  const set = parse(read('argocd/applicationset.yaml'));
  assert.is(source.repoURL, set.spec.template.spec.source.repoURL);
  const { data } = parse(read('argocd/named-kustomize/argocd-cm.yaml'));
  assert.ok(`kustomize.path.${source.kustomize.version}` in data);
});

docs('every file of the named version has the version of the package', () => {
  const { version } = JSON.parse(read('package.json'));
  const folder = 'argocd/named-kustomize';
  for (const file of ['Dockerfile', 'argocd-cm.yaml', 'repo-server.yaml'])
    for (const [found] of read(join(folder, file)).matchAll(/\bv\d+[.-]\d+[.-]\d+\b/g))
      assert.is(found.replaceAll('-', '.'), `v${version}`, file);
  for (const [found] of page.matchAll(/\bv\d+\.\d+\.\d+\b/g)) assert.is(found, `v${version}`);
  const { spec } = parse(read(join(folder, 'repo-server.yaml'))).spec.template;
  const [mount] = spec.containers[0].volumeMounts;
  const { data } = parse(read(join(folder, 'argocd-cm.yaml')));
  assert.is(dirname(Object.values<string>(data)[0] ?? ''), mount.mountPath);
  assert.is(spec.initContainers[0].command.at(-1), `${mount.mountPath}/`);
});

docs('the project and the set have no address but the placeholders', () => {
  for (const file of ['argocd/project.yaml', 'argocd/applicationset.yaml'])
    for (const [address] of read(file).matchAll(/https?:\/\/\S+/g))
      assert.match(address, /^https:\/\/git\.example\.com\//);
});
docs.run();
