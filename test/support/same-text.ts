/**
 * Fails where two texts differ, with a few lines around the first difference: manifests of a whole environment are too
 * long to be printed side by side.
 */
export function assertSameText(actual: string, expected: string): void {
  if (actual === expected) return;
  const actualLines = actual.split('\n');
  const expectedLines = expected.split('\n');
  const same = expectedLines.findIndex((line, index) => line !== actualLines[index]);
  const first = same < 0 ? expectedLines.length : same;
  const show = (lines: readonly string[], sign: string) =>
    lines.slice(first, first + 6).map((line) => `      ${sign} ${JSON.stringify(line)}`);
  const before = expectedLines.slice(Math.max(0, first - 3), first);
  throw new Error(
    [
      `texts differ from line ${first + 1} on (+ expected, - actual):`,
      ...before.map((line) => `        ${JSON.stringify(line)}`),
      ...show(expectedLines, '+'),
      ...show(actualLines, '-'),
    ].join('\n'),
  );
}
