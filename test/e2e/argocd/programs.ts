/** What the tests of argocd/ and flux/ need: a program around Argo CD's own packages, and the definitions of both projects' kinds. */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { toolsFolder } from '../../../src/build/paths.ts';
import type { Tool } from '../tools.ts';

const VERSION = 'v3.4.0';
/** The oldest that is published as a module; Argo CD's own is a folder of its repository, which is not in its module. */
const ENGINE = 'github.com/argoproj/argo-cd/gitops-engine@v0.0.0-20260708145834-74d0f9207b67';

/** Answers with Argo CD's code: main.go has the commands. */
export const argocdTool: Tool = {
  name: 'argocd',
  path: join(toolsFolder, 'argocd'),
  version: `${VERSION} 2`,
  async install() {
    const folder = join(toolsFolder, 'argocd-source');
    rmSync(folder, { recursive: true, force: true });
    cpSync(fileURLToPath(new URL('.', import.meta.url)), folder, { recursive: true });
    copyEngine(await moduleFolder(ENGINE), join(folder, 'gitops-engine'));
    // It has to run in an image without a C library. Without a compiler for C, Go links nothing else.
    const { stdout: usesC } = await execa('go', ['env', 'CGO_ENABLED']);
    const isStatic = usesC === '1' ? ' -linkmode external -extldflags -static' : '';
    await execa('go', ['build', '-trimpath', `-ldflags=-s -w${isStatic}`, '-o', this.path, '.'], {
      cwd: folder,
      env: { GOFLAGS: '-mod=readonly' },
    });
    rmSync(folder, { recursive: true });
  },
};

/** The engine with the three signatures that Argo CD 3.4 calls, without the context that came later. */
function copyEngine(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  // Folders of the module cache are read-only.
  for (const path of ['', ...readdirSync(to, { recursive: true, encoding: 'utf8' })])
    chmodSync(join(to, path), 0o755);
  const diff = join(to, 'pkg/diff/diff.go');
  const text = readFileSync(diff, 'utf8')
    .replace(
      /^func Diff\(ctx context\.Context, (.*) \{$/m,
      'func Diff($1 {\n\tctx := context.Background()',
    )
    .replace('func DiffArray(ctx context.Context, ', 'func DiffArray(')
    .replace('diffRes, err := Diff(ctx, ', 'diffRes, err := Diff(');
  writeFileSync(diff, text);
  const missing = fileURLToPath(new URL('gitops-engine.go.txt', import.meta.url));
  cpSync(missing, join(to, 'pkg/utils/kube/as_argocd_calls_it.go'));
}

/** Modules, each with the folder of its CustomResourceDefinitions. */
const DEFINITIONS = [
  [`github.com/argoproj/argo-cd/v3@${VERSION}`, 'manifests/crds'],
  ['github.com/fluxcd/source-controller@v1.9.6', 'config/crd/bases'],
  ['github.com/fluxcd/kustomize-controller@v1.9.6', 'config/crd/bases'],
] as const;

/** Objects of Argo CD's own installation that argocd/ patches. */
const PATCHED = [
  'manifests/base/repo-server/argocd-repo-server-deployment.yaml',
  'manifests/base/config/argocd-cm.yaml',
];

/** A folder with the definitions of what argocd/ and flux/ hold, and beside them, in `installed/`, what is patched. */
export const gitopsDefinitionsTool: Tool = {
  name: 'gitops-definitions',
  path: join(toolsFolder, 'gitops-definitions'),
  version: `${DEFINITIONS.map(([module]) => module).join(' ')} 2`,
  async install() {
    rmSync(this.path, { recursive: true, force: true });
    mkdirSync(join(this.path, 'installed'), { recursive: true });
    const [[argocd]] = DEFINITIONS;
    for (const path of PATCHED) {
      const text = readFileSync(join(await moduleFolder(argocd), path));
      writeFileSync(join(this.path, 'installed', basename(path)), text);
    }
    for (const [module, path] of DEFINITIONS) {
      const folder = join(await moduleFolder(module), path);
      for (const file of readdirSync(folder)) {
        const text = readFileSync(join(folder, file), 'utf8');
        if (/^kind: CustomResourceDefinition$/m.test(text))
          writeFileSync(join(this.path, file), text);
      }
    }
  },
};

export const gitopsTools = [argocdTool, gitopsDefinitionsTool];

async function moduleFolder(module: string): Promise<string> {
  const { stdout } = await execa('go', ['mod', 'download', '-json', module], {
    // Outside of any module.
    cwd: tmpdir(),
    env: { GOFLAGS: '' },
  });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}
