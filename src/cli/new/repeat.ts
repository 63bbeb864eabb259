/** The one command line that makes the same environment again, without a question. */
import { shellWord } from '../../foreign-text.ts';
import type { BuildOptions } from '../kustomize/build-options.ts';
import { flagsOf } from './answers.ts';
import type { NewOptions, Plan } from './plan.ts';

/** Answers become flags; what has its default is left out. It is printed at the end of `new`, and can be pasted into a shell. */
export function repeatCommand(
  environment: string,
  { fields, layout, base, compute }: Plan,
  options: NewOptions & BuildOptions,
): string {
  const given: [flag: string, value: string | undefined][] = [
    ['--layout', layout?.component || options.layout ? layout?.layout : undefined],
    ['--namespace', options.namespace],
    ['--name-prefix', options.namePrefix],
    ['--from', options.from],
    ['--compute-of', compute?.of],
    ['--cluster', compute?.cluster],
    ['--base', options.base],
    ['--dir', options.dir],
    ['--kustomize', options.kustomize],
    ['--plugin-home', options.pluginHome],
    ['--timeout', options.timeout?.toString()],
  ];
  const withBase = options.withBase || (base?.copies.length ?? 0) > 0;
  const words = [
    ...['npx', 'ma-overlays', 'new', environment],
    ...flagsOf(fields),
    ...given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
    ...(withBase ? ['--with-base'] : []),
    ...(options.argocd ? ['--argocd'] : []),
    ...(options.allowPlugins ? ['--allow-plugins'] : []),
  ];
  return words.map(shellWord).join(' ');
}
