/** Documents inside of ConfigMaps that cannot be read. */
import { ENGINE_SECTIONS } from '../../surface/clients.ts';
import { declares, isDataFile } from '../../surface/document-roles.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { DOCUMENT_ROLES, ROLES } from '../../surface/roles.ts';
import type { Surface } from '../../surface/surface.ts';

/** Documents that would play a role if they could be read: no other check sees them. */
export function brokenDocuments({ manifests }: Surface): Fault[] {
  return manifests.ofKind('ConfigMap').flatMap((resource) => {
    const roles = DOCUMENT_ROLES.filter((role) => resource.role === '' || resource.role === role);
    const engines = resource.role === '' ? ENGINE_SECTIONS : [];
    const isMeant = declares([...roles.flatMap((role) => ROLES[role].words), ...engines]);
    const keys = resource.documentKeys(isMeant).filter(isDataFile);
    return keys.flatMap((key): Fault[] => {
      const document = resource.document(key);
      if (!document?.problem) return [];
      const line =
        document.language === 'json' ? lineOfJsonFault(document.text) : document.problem.line;
      const path = `data[${key}], line ${line} of it`;
      const message = `${key} of ConfigMap ${resource.name} cannot be read: ${document.problem.what}`;
      return [{ resource, path, message, fix: `fix line ${line} of ${key}` }];
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
