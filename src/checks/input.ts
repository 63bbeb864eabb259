/** Whether there is anything to check, and whether all of it can be read. */
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

const nothingFound: Check = (view) => {
  const parts = [view.apiServices, view.envoys, view.workers, view.uis, view.controllerManagers];
  const isFound = parts.some(({ length }) => length > 0) || view.settings?.role === 'compute';
  if (isFound || view.resources.broken.length > 0) return [];
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

export const INPUT_CHECKS: readonly Check[] = [notReadable, nothingFound];
