/** What the cluster tests need, built or copied from Go modules: no root, no package manager, pinned by go.sum. */
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { toolsFolder } from '../../../src/build/paths.ts';
import type { Tool } from '../tools.ts';

/** Less to link and to keep: nobody debugs these. */
const SMALL = ['-trimpath', '-ldflags=-s -w'];

/** A folder with kube-apiserver and the etcd that it is tested with, from the module beside this file. */
export const controlPlaneTool: Tool = {
  name: 'control-plane',
  path: join(toolsFolder, 'control-plane'),
  version: 'v1.35.4',
  async install() {
    mkdirSync(this.path, { recursive: true });
    await execa('go', ['build', ...SMALL, '-o', this.path, './etcd', './kube-apiserver'], {
      cwd: fileURLToPath(new URL('control-plane', import.meta.url)),
      env: { GOFLAGS: '-mod=readonly' },
    });
  },
};

/** Contour, an entry controller for Ingress and the Gateway API; Envoy is its data plane. */
export const contourTool: Tool = {
  name: 'contour',
  path: join(toolsFolder, 'contour'),
  version: 'v1.33.8',
  async install() {
    const target = `github.com/projectcontour/contour/cmd/contour@${this.version}`;
    await execa('go', ['install', ...SMALL, target], {
      env: { GOBIN: toolsFolder, GOFLAGS: '' },
    });
  },
};

/** Where a project's Go module keeps its CustomResourceDefinitions. */
interface DefinitionSource {
  module: string;
  path: string;
}

/** The projects whose kinds are used, each a folder of YAML files in the tool's folder. */
const DEFINITIONS = {
  'cert-manager': {
    module: 'github.com/cert-manager/cert-manager@v1.21.2',
    path: 'deploy/crds',
  },
  'gateway-api': {
    module: 'sigs.k8s.io/gateway-api@v1.6.3',
    path: 'config/crd/standard',
  },
  'prometheus-operator': {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    path: 'example/prometheus-operator-crd',
  },
  contour: {
    module: `github.com/projectcontour/contour@${contourTool.version}`,
    path: 'examples/contour/01-crds.yaml',
  },
} satisfies Record<string, DefinitionSource>;

export type DefinitionName = keyof typeof DEFINITIONS;

export const definitionNames = Object.keys(DEFINITIONS) as DefinitionName[];

/** The folder with the CustomResourceDefinitions of every project. */
export const definitionsTool: Tool = {
  name: 'definitions',
  path: join(toolsFolder, 'definitions'),
  version: Object.values(DEFINITIONS)
    .map(({ module }) => module.replace(/^.*\//, ''))
    .join(' '),
  async install() {
    rmSync(this.path, { recursive: true, force: true });
    for (const [name, { module, path }] of Object.entries(DEFINITIONS)) {
      const { stdout } = await execa('go', ['mod', 'download', '-json', module], {
        // Outside of any module.
        cwd: tmpdir(),
        env: { GOFLAGS: '' },
      });
      const { Dir } = JSON.parse(stdout) as { Dir: string };
      const target = join(this.path, name);
      mkdirSync(target, { recursive: true });
      // Files of the module cache are read-only, and so would be copies of its folders.
      const source = join(Dir, path);
      const files = path.endsWith('.yaml') ? [''] : readdirSync(source);
      for (const file of files)
        if (join(source, file).endsWith('.yaml'))
          cpSync(join(source, file), join(target, file || 'definitions.yaml'));
    }
  },
};

export const clusterTools = [controlPlaneTool, contourTool, definitionsTool];
