/** The checks of `ma-overlays check`, on manifests that were built a moment ago. */
import type { Finding } from '../../checks/check.ts';
import { runChecks } from '../../checks/index.ts';
import { viewOf } from '../../checks/view.ts';
import type { Settings } from '../../config/settings.ts';
import { resourceLabel } from '../../errors.ts';
import { splitDocuments } from '../../protocol/documents.ts';

/** What the checks say of one overlay. */
export interface Verdict {
  /** As text for a person; empty where nothing was found. */
  text: string;
  hasErrors: boolean;
}

/** Checks the manifests of an overlay. */
export function judge(overlay: string, manifests: Uint8Array, settings: Settings): Verdict {
  const view = viewOf(splitDocuments(Buffer.from(manifests)), { name: overlay, settings });
  const { findings } = runChecks(view);
  return {
    text: findings.map(formatFinding).join(''),
    hasErrors: findings.some(({ severity }) => severity === 'error'),
  };
}

function formatFinding({ severity, code, message, resource, path, mend }: Finding): string {
  const place = [resource && resourceLabel(resource), path].filter(Boolean).join(', ');
  const lines = [
    `${severity}: ${message} [${code}]`,
    ...(place === '' ? [] : [`  in        ${place}`]),
    `  mend      ${mend}`,
  ];
  return `${lines.join('\n')}\n`;
}
