/** SARIF 2.1.0, which code scanning of GitHub and others reads. Source: OASIS, Static Analysis Results Interchange Format Version 2.1.0. */
import type { Finding } from '../../checks/check.ts';
import { CATALOGUE, type FindingCode } from '../../checks/shared/catalogue.ts';
import { placeOf, printed } from '../../errors.ts';
import { packageVersion } from '../package-root.ts';
import { printJson } from './json.ts';
import { fingerprints, type Location, locationOf } from './location.ts';
import type { Outcome } from './outcome.ts';

/** One run with every finding; accepted ones are not in it. */
export function toSarif(outcomes: readonly Outcome[], cwd: string): string {
  const found = outcomes.flatMap(({ input, result }) =>
    result.findings.map((finding) => ({ finding, location: locationOf(finding, input, cwd) })),
  );
  const codes = [...new Set(found.map(({ finding }) => finding.code))];
  const fingerprintOf = fingerprints();
  return printJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'ma-overlays', version: packageVersion(), rules: codes.map(ruleOf) },
        },
        columnKind: 'utf16CodeUnits',
        results: found.map(({ finding, location }) => ({
          ruleId: finding.code,
          ruleIndex: codes.indexOf(finding.code),
          level: finding.severity,
          message: { text: messageOf(finding) },
          locations: [placeIn(finding, location)],
          partialFingerprints: { 'maOverlays/v1': fingerprintOf(finding, location) },
        })),
      },
    ],
  });
}

function ruleOf(id: FindingCode) {
  const { title, why, fix, severity } = CATALOGUE[id];
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why} To fix it: ${fix}.` },
    defaultConfiguration: { level: severity },
  };
}

function messageOf(found: Finding): string {
  const place = placeOf(found);
  return printed(`${found.message}${place && ` (${place})`}. Fix: ${found.fix}`);
}

function placeIn(found: Finding, { file, line, column }: Location) {
  const place = placeOf(found);
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      // Code scanning shows nothing without a line.
      region: { startLine: line ?? 1, ...(column === undefined ? {} : { startColumn: column }) },
    },
    ...(place ? { logicalLocations: [{ fullyQualifiedName: printed(place) }] } : {}),
  };
}

/** A relative reference, or a file's URI. */
function uriOf(file: string): string {
  const path = file.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${path}` : path;
}
