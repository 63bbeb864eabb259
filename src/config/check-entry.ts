/** Checks of `spec.entry`: a Gateway is made or used, not both. */
import { mapAt, present } from './partial.ts';
import type { ConfigProblem } from './wording.ts';

const GATEWAYS = ['spec.entry.gateway', 'spec.entry.api.gateway', 'spec.entry.app.gateway'];

/** What only a Gateway that is made can have. */
const ONLY_WHEN_MADE = ['className', 'annotations', 'infrastructure'];

function checkGateway(config: unknown, path: string): ConfigProblem[] {
  if (mapAt(config, path) === undefined) return [];
  if (present(config, `${path}.parentRefs`))
    return ONLY_WHEN_MADE.filter((field) => present(config, `${path}.${field}`)).map((field) => ({
      code: 'config-conflict',
      path: `${path}.${field}`,
      message: `\`${path}.${field}\` is for a Gateway that is made, \`${path}.parentRefs\` uses one that exists`,
      expected: '`className` or `parentRefs`, not both',
      mend: `Remove \`${field}\` or \`parentRefs\``,
    }));
  // The fields of one entry stand on those of both: the class may come from `spec.entry.gateway`.
  const shared = path !== GATEWAYS[0] && mapAt(config, 'spec.entry.gateway') !== undefined;
  if (present(config, `${path}.className`) || shared) return [];
  return [
    {
      code: 'config-required',
      path: `${path}.className`,
      message: `\`${path}\` neither makes a Gateway nor uses one`,
      expected: '`className`, which makes one, or `parentRefs`, which uses one',
      mend: 'Set one of the two; `kubectl get gatewayclass` and `kubectl get gateway -A` list what there is',
    },
  ];
}

/** Problems of the Gateways of both entries and of each. */
export function checkEntry(config: unknown): ConfigProblem[] {
  return GATEWAYS.flatMap((path) => checkGateway(config, path));
}
