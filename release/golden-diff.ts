/** What a release changes in rendered manifests: the overlays and the golden cases of the last one, built by both. */
import { join } from 'node:path';
import { type Comparison, compare } from '../src/cli/diff/compare.ts';
import { toMarkdown } from '../src/cli/diff/markdown.ts';
import type { Io } from '../src/cli/io.ts';
import { inTemporaryFolder, temporaryParent } from '../src/cli/kustomize/temporary-folder.ts';
import { openState } from '../src/cli/state.ts';
import { plural } from '../src/errors.ts';
import { type CaseComparison, compareCases } from './golden-cases.ts';

export interface GoldenDiff {
  /** For the changelog. */
  rendered: string;
  /** All of it, in Markdown. */
  text: string;
}

const NEW = 'this version';

/** Builds what is in the last release with its own plugin and with this one. */
export function goldenDiff(tag: string, io: Io): Promise<GoldenDiff> {
  return inTemporaryFolder(temporaryParent(io), io, async (temporary) => {
    const { folder, top } = await openState(tag, temporary, io);
    const sideOf = (name: string) => ({ name, folder, top, rendered: [] });
    const pluginHome = join(top, 'plugin');
    const overlays = await compare(
      { state: sideOf(tag), options: { pluginHome, runsPlugin: true } },
      { state: sideOf(NEW), options: {} },
      { overlays: [] },
      io,
    );
    return describe(tag, overlays, compareCases(join(top, 'test/cases'), tag, NEW));
  });
}

/** What is said of a comparison of both. */
export function describe(tag: string, overlays: Comparison, cases: CaseComparison): GoldenDiff {
  const differing = [overlays, cases].map(({ overlays: all }) => ({
    all: all.length,
    changed: all.filter(({ state }) => state !== 'same').length,
  })) as [{ all: number; changed: number }, { all: number; changed: number }];
  const [shipped, golden] = differing;
  const { refusedNow, acceptedNow, otherWords } = cases;
  const counts = [
    ...(shipped.changed > 0
      ? [`in ${shipped.changed} of the ${plural(shipped.all, 'overlay')} that ${tag} ships`]
      : []),
    ...(golden.changed > 0
      ? [`in ${golden.changed} of its ${plural(golden.all, 'golden case')}`]
      : []),
  ].join(', ');
  const rendered =
    counts === ''
      ? `Rendered manifests do not change: the overlays that ${tag} ships and its ${plural(golden.all, 'golden case')} give the same bytes.`
      : `Rendered manifests change, ${counts}: golden-diff.md of this release has every line.`;
  const lists = [
    ['Refused now', refusedNow],
    ['Accepted now', acceptedNow],
    ['Other messages', otherWords],
  ] as const;
  const refused =
    refusedNow.length > 0
      ? ` ${plural(refusedNow.length, 'case')} that it built ${refusedNow.length === 1 ? 'is' : 'are'} refused now.`
      : '';
  const text = [
    `# Golden diff, ${tag} to ${NEW}\n\n${rendered}${refused}\n`,
    `\n## Overlays that ${tag} ships\n\n${toMarkdown(overlays, Number.POSITIVE_INFINITY)}`,
    `\n## Golden cases of ${tag}\n\n${toMarkdown(cases, Number.POSITIVE_INFINITY)}`,
    ...lists.flatMap(([title, names]) =>
      names.length > 0 ? [`\n${title}: ${names.map((name) => `\`${name}\``).join(', ')}\n`] : [],
    ),
  ].join('');
  return { rendered: `${rendered}${refused}`, text };
}
