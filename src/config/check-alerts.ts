/** Checks of `spec.alerts` beyond its fields. */
import { present } from './partial.ts';
import type { ConfigProblem } from './wording.ts';

const PATH = 'spec.alerts.prometheusOperator';

/** How the prober tries the health port says nothing where there is no prober. */
export function checkAlerts(config: unknown): ConfigProblem[] {
  if (!present(config, `${PATH}.healthCheck`) || present(config, `${PATH}.prober`)) return [];
  return [
    {
      code: 'config-conflict',
      path: `${PATH}.healthCheck`,
      message: `\`${PATH}.healthCheck\` has no meaning without \`${PATH}.prober\``,
      expected: 'both, or neither',
      fix: 'set `prober` to the address of the blackbox exporter, or remove `healthCheck`',
    },
  ];
}
