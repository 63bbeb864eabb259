/** What the programs are given: the shipped overlay `production`, and streams, a chart and a kustomization of the same shape. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundlePath, packageRoot, pluginHome } from '../src/build/paths.ts';

/** Paths of what was made. */
export interface Inputs {
  /** The manifests of the overlay, as they come to the function. */
  plain: string;
  /** The same with so many others behind them, of which one in a hundred names the API server. */
  many: (count: number) => string;
  /** The same with one of a megabyte. */
  large: string;
  /** A stream as a ResourceList, for functions that take nothing else. */
  asList: (stream: string) => string;
  /** The overlay without a transformer, with one that hands everything through, and with `replacements` in its place. */
  overlays: { without: string; replaced: string };
  /** A plugin home whose function hands its input through: what a plugin costs kustomize in any case. */
  emptyHome: string;
  chart: string;
}

/** The domain that stands in the base, and the one of the overlay. */
const PLACEHOLDER = 'DOMAIN_NOT_SET';
const DOMAIN = 'ml.example.com';

/** Makes everything in a folder; `kustomize` builds the overlay there. */
export function makeInputs(folder: string, kustomize: string): Inputs {
  const write = (path: string, content: string, mode = 0o644) => {
    const whole = join(folder, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, content, { mode });
    return whole;
  };
  cpSync(join(packageRoot, 'base'), join(folder, 'base'), { recursive: true });
  const own = readFileSync(join(packageRoot, 'overlays/production/kustomization.yaml'), 'utf8');
  const head = own.slice(0, own.indexOf('transformers:'));
  const replacements = readFileSync(join(packageRoot, 'bench/replacements.yaml'), 'utf8');
  const without = dirname(write('overlays/without/kustomization.yaml', head));
  const replaced = dirname(write('overlays/replaced/kustomization.yaml', head + replacements));
  const manifests = execFileSync(kustomize, ['build', without], { encoding: 'utf8' });
  const template = manifests
    .replaceAll('{{', '{{ "{{" }}')
    .replaceAll(PLACEHOLDER, '{{ .Values.domain }}');
  write('chart/Chart.yaml', 'apiVersion: v2\nname: michelangelo\nversion: 0.1.0\n');
  write('chart/values.yaml', `domain: ${DOMAIN}\n`);
  const megabyte = configMap('large', 'some line of a config\n', 45_000);
  return {
    plain: write('plain.yaml', manifests),
    many: (count) => {
      const others = Array.from({ length: count }, (_, index) =>
        index % 100 === 0
          ? configMap(`caller-${index}`, 'api: michelangelo-apiserver:15566\n', 1)
          : configMap(`other-${index}`, 'some line of a config\n', 20),
      );
      return write(`many-${count}.yaml`, manifests + others.join(''));
    },
    large: write('large.yaml', manifests + megabyte),
    asList: (stream) => write(`${stream.split('/').at(-1)}-list.yaml`, resourceList(stream)),
    overlays: { without, replaced },
    emptyHome: dirname(
      dirname(
        dirname(
          dirname(
            write(bundlePath.replace(pluginHome, 'empty-home'), '#!/bin/sh\nexec cat\n', 0o755),
          ),
        ),
      ),
    ),
    chart: dirname(dirname(write('chart/templates/all.yaml', template))),
  };
}

function configMap(name: string, line: string, lines: number): string {
  const text = `    ${line}`.repeat(lines);
  return `---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  text: |\n${text}`;
}

function resourceList(stream: string): string {
  const documents = readFileSync(stream, 'utf8')
    .split(/^---\n/m)
    .filter(Boolean);
  const items = documents.map((text) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`);
  return [
    'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n',
    ...items,
    `functionConfig:\n  apiVersion: example.com/v1\n  kind: Hosts\n  metadata: {name: hosts}\n  spec: {domain: ${DOMAIN}}\n`,
  ].join('');
}
