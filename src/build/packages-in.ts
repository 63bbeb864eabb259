import type { Metafile } from 'esbuild';

/** Names of the npm packages of which something is in a bundle, sorted. What is in a file that was generated is not seen. */
export function packagesIn({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const names = inputs.flatMap(([path, { bytesInOutput }]) => {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    return name !== undefined && bytesInOutput > 0 ? [name] : [];
  });
  return [...new Set(names)].sort();
}
