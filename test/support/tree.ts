/** The tree of folders in ARCHITECTURE.md. */

/** One line of it: a path from the package root, and what the folder is for. */
export interface TreeEntry {
  path: string;
  purpose: string;
}

/**
 * The lines of the first `text` block: a path, two spaces or more, the purpose. An indented path counts from the line
 * above that is indented less.
 */
export function readTree(markdown: string): TreeEntry[] {
  const block = /^```text\n([\s\S]*?)^```/m.exec(markdown)?.[1] ?? '';
  const parents: { depth: number; path: string }[] = [];
  const entries: TreeEntry[] = [];
  for (const line of block.split('\n')) {
    const match = /^( *)(\S+)(?: {2,}(\S.*))?$/.exec(line);
    if (match === null) continue;
    const [, indent = '', name = '', purpose = ''] = match;
    // A purpose that goes on over the next line stands far to the right.
    if (!/[/.]/.test(name)) continue;
    while (parents.length > 0 && (parents.at(-1)?.depth ?? 0) >= indent.length) parents.pop();
    const path = `${parents.at(-1)?.path ?? ''}${name}`;
    entries.push({ path, purpose });
    if (name.endsWith('/')) parents.push({ depth: indent.length, path });
  }
  return entries;
}
