/** `ma-overlays render`: an overlay as kustomize builds it, with the function in place. */
import type { Command } from 'commander';
import { unwrapFunctionErrors } from './function-errors.ts';
import type { ExitStatus, Io } from './io.ts';
import { buildOverlay, findKustomize, findPluginHome } from './kustomize.ts';
import { requireOverlay } from './overlays.ts';

interface RenderOptions {
  kustomize?: string;
  pluginHome?: string;
}

const HELP = `
It builds with the first of: --kustomize, $KUSTOMIZE, kustomize on PATH, kubectl on PATH,
the bundled kustomize 4.5.4. Nothing is printed on stdout unless every overlay was built.

Example:
  ma-overlays render overlays/production | kubectl apply --server-side -f -

The same without this command:
  KUSTOMIZE_PLUGIN_HOME=$PWD/plugin kustomize build --enable-alpha-plugins overlays/production`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addRender(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  program
    .command('render')
    .summary('print the manifests of overlays')
    .description('Prints the manifests of one or more overlays.')
    .argument('<overlay...>', 'folders with a kustomization.yaml')
    .option('--kustomize <path>', 'the kustomize or kubectl to build with')
    .option('--plugin-home <folder>', "a plugin home other than this package's own")
    .addHelpText('after', HELP)
    .action(async (overlays: string[], options: RenderOptions) => {
      finish(await render(overlays, options, io));
    });
}

/** Builds all overlays, then prints them in the order given, or none where one fails. */
export async function render(
  overlays: readonly string[],
  options: RenderOptions,
  io: Io,
): Promise<ExitStatus> {
  for (const overlay of overlays) requireOverlay(overlay, io.cwd);
  const pluginHome = findPluginHome(options.pluginHome, io);
  const kustomize = await findKustomize(options.kustomize, io);
  const manifests: Uint8Array[] = [];
  let failed = false;
  for (const overlay of overlays) {
    const { succeeded, stdout, stderr } = await buildOverlay(kustomize, overlay, pluginHome, io);
    if (succeeded) {
      io.stderr.write(stderr);
      manifests.push(stdout);
    } else {
      failed = true;
      const title = overlays.length > 1 ? `${overlay}:\n` : '';
      io.stderr.write(`${title}${unwrapFunctionErrors(stderr)}`);
    }
  }
  if (failed) return 1;
  for (const [index, manifest] of manifests.entries()) {
    if (index > 0) io.stdout.write('---\n');
    io.stdout.write(manifest);
  }
  return 0;
}
