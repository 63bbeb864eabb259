/** Which versions the base runs: fixed, and written in one place. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { packageRoot } from '../../src/build/paths.ts';
import { transcoderConfig } from '../support/components.ts';
import { buildBase, containersIn, manifestsIn } from './render.ts';

const images = suite('images');
const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const rendered = containersIn(manifestsIn(await buildBase())).map(({ image }) => image);
const pinned = parse(read('base/kustomization.yaml')).images as { name: string; newTag: string }[];

images('each has a tag that stays what it is', () => {
  assert.is(rendered.length, 5);
  for (const image of rendered) {
    const [, tag = ''] = /:([^:/]+)$/.exec(image) ?? [];
    // A version, or a commit; upstream's other tags move.
    assert.match(tag, /^(?:(?:distroless-)?v?\d+\.\d+\.\d+|sha-[0-9a-f]{7})$/, image);
  }
});

images('every tag is written in base/kustomization.yaml, and nowhere else', () => {
  assert.equal(rendered.sort(), pinned.map(({ name, newTag }) => `${name}:${newTag}`).sort());
  for (const path of filesBelow('base').concat(filesBelow('overlays'))) {
    const named = [...read(path).matchAll(/^\s*-?\s*image:\s*(\S+)$/gm)].map(([, name]) => name);
    assert.equal(
      named.filter((name) => name?.includes(':')),
      [],
      path,
    );
  }
});

images('one edit moves the programs that share a version', () => {
  const own = pinned.filter(({ name }) => name.startsWith('ghcr.io/michelangelo-ai/'));
  const edited = read('base/kustomization.yaml').replace('&version "0.5.0"', '&version "9.9.9"');
  const moved = parse(edited).images as typeof pinned;
  const names = own.map(({ name }) => name).filter((name) => !name.endsWith('/ui'));
  assert.is(names.length, 3);
  for (const { name, newTag } of moved) if (names.includes(name)) assert.is(newTag, '9.9.9');
});

images(
  "the page is of before JSON, as Envoy's filters are; the component that adds JSON says so",
  () => {
    const page = pinned.find(({ name }) => name.endsWith('/ui'));
    assert.match(page?.newTag ?? '', /^sha-/);
    const config = read('base/envoy/envoy.yaml');
    assert.match(config, 'envoy.filters.http.grpc_web');
    assert.not.match(config, 'grpc_json_transcoder');
    assert.match(transcoderConfig, 'grpc_json_transcoder');
  },
);

images.run();

function filesBelow(folder: string): string[] {
  return readdirSync(join(packageRoot, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(packageRoot, path)).isDirectory() ? filesBelow(path) : [path];
  });
}
