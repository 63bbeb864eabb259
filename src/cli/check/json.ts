/** What `check` prints for programs; docs/check-output.md has its shape. */
import type { Finding } from '../../checks/check.ts';
import { CATALOGUE } from '../../checks/shared/catalogue.ts';
import { jsonText } from '../../foreign-text.ts';
import { count, type Outcome } from './outcome.ts';

/** One JSON document, ending in a line feed. */
export function toJson(outcomes: readonly Outcome[]): string {
  const inputs = outcomes.map((outcome) => {
    const { input, result, checklist } = outcome;
    const { errors, warnings, accepted: acceptedCount } = count([outcome]);
    return {
      name: input.name,
      built: input.surface !== undefined,
      ...(input.kustomize ? { kustomize: input.kustomize } : {}),
      counts: { errors, warnings, accepted: acceptedCount },
      findings: result.findings.map(inWords),
      accepted: result.ignored.map(({ finding, reason }) => ({ ...inWords(finding), reason })),
      ...(checklist ? { checklist } : {}),
    };
  });
  return printJson({ inputs, ...count(outcomes) });
}

/** Indented, with nothing in it that could drive a terminal. */
export function printJson(value: unknown): string {
  return jsonText(value);
}

function inWords(found: Finding) {
  const { title, why } = CATALOGUE[found.code];
  return { ...found, title, why };
}
