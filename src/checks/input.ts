/** Whether there is anything to check, and whether all of it can be read. */
import { declares, isDataFile } from '../surface/document-roles.ts';
import { ROLES } from '../surface/roles.ts';
import type { ManifestView } from '../surface/view.ts';
import { type Check, type Finding, finding } from './check.ts';

const notReadable: Check = ({ resources }) =>
  resources.broken.map(({ index, kind, name, line, what }): Finding => {
    const place = `document ${index} of the input${line > 0 ? `, line ${line} of it` : ''}`;
    return finding('not-readable', {
      ...(kind && name ? { resource: { apiVersion: '', kind, name } } : {}),
      path: place,
      message: `a document is not well-formed YAML: ${what}`,
    });
  });

/** Roles that a document inside of a ConfigMap plays. */
const DOCUMENT_ROLES = ['envoy', 'worker', 'ui', 'controller-manager'] as const;

const documentNotReadable: Check = (view) => brokenDocuments(view);

/** Documents that would play a role if they could be read: no other check sees them. */
function brokenDocuments({ resources }: ManifestView): Finding[] {
  return resources.ofKind('ConfigMap').flatMap((resource) => {
    const roles = DOCUMENT_ROLES.filter((role) => resource.role === '' || resource.role === role);
    const isMeant = declares(roles.flatMap((role) => ROLES[role].words));
    const keys = resource.documentKeys(isMeant).filter(isDataFile);
    return keys.flatMap((key): Finding[] => {
      const document = resource.document(key);
      if (!document?.problem) return [];
      const line =
        document.language === 'json' ? lineOfJsonFault(document.text) : document.problem.line;
      return [
        finding('not-readable', {
          resource,
          path: `data[${key}], line ${line} of it`,
          message: `${key} of ConfigMap ${resource.name} cannot be read: ${document.problem.what}`,
          mend: `mend line ${line} of ${key}`,
        }),
      ];
    });
  });
}

/** Where strict JSON ends: YAML, which reads more, may find no fault at all. */
function lineOfJsonFault(text: string): number {
  try {
    JSON.parse(text);
    return 1;
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1];
    const before = position === undefined ? text.trimEnd() : text.slice(0, Number(position));
    return before.split('\n').length;
  }
}

const nothingFound: Check = (view) => {
  const parts = [view.apiServices, view.envoys, view.workers, view.uis, view.controllerManagers];
  const isFound = parts.some(({ length }) => length > 0) || view.settings?.role === 'compute';
  if (isFound || view.resources.broken.length > 0 || brokenDocuments(view).length > 0) return [];
  const count = view.resources.all.length;
  return [
    finding('nothing-found', {
      message:
        count === 0
          ? 'the input has no resource at all'
          : `none of the ${count} resources is the API server, Envoy, a worker, the UI or the controller manager`,
    }),
  ];
};

export const INPUT_CHECKS: readonly Check[] = [notReadable, documentNotReadable, nothingFound];
