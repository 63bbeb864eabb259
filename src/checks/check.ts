/** The contract between the checks and whoever runs them. */
import type { ResourceReference } from '../errors.ts';
import type { Resource } from '../manifests/resource.ts';
import type { DocumentTarget } from '../surface/inventory.ts';
import type { ManifestView } from '../surface/view.ts';
import { CATALOGUE, type FindingCode, type Severity } from './catalogue.ts';

/** One thing that is wrong in the manifests. It never carries the content of a Secret. */
export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** The resource that has to change; absent where it is about the input as a whole. */
  resource?: ResourceReference;
  /** The place in it: `spec.tls[0].hosts`, or `data[envoy.yaml].static_resources` inside a document. */
  path?: string;
  /** One sentence without a full stop: what is wrong, with the names and values that show it. */
  message: string;
  /** What to do, as an instruction without a full stop. */
  mend: string;
}

/** A pure function from parsed manifests to what is wrong with them: no input and output, nothing is changed. */
export type Check = (view: ManifestView) => Finding[];

/** What a check says of one finding; severity and mend are those of the catalogue unless they are given. */
export interface FindingDetails {
  resource?: Resource | ResourceReference | undefined;
  path?: string | undefined;
  message: string;
  mend?: string | undefined;
  severity?: Severity | undefined;
}

export function finding(code: FindingCode, details: FindingDetails): Finding {
  const { resource, path, message, mend, severity } = details;
  const row = CATALOGUE[code];
  return {
    code,
    severity: severity ?? row.severity,
    ...(resource ? { resource: 'reference' in resource ? resource.reference : resource } : {}),
    ...(path === undefined ? {} : { path }),
    message,
    mend: mend ?? row.mend,
  };
}

/** A finding in a document inside a ConfigMap; `path` counts from the top of that document. */
export function documentFinding(
  code: FindingCode,
  target: DocumentTarget,
  { path, ...details }: Omit<FindingDetails, 'resource'>,
): Finding {
  const place = `data[${target.key}]${path ? `.${path}` : ''}`;
  return finding(code, { ...details, resource: target.resource, path: place });
}
