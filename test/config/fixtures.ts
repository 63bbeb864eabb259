/** Configs to start from, and how tests look at problems. */
import * as assert from 'uvu/assert';
import { checkConfig } from '../../src/config/load.ts';
import type { Settings } from '../../src/config/settings.ts';
import type { Problem } from '../../src/errors.ts';

export const HEADER = {
  apiVersion: 'network.michelangelo.api/v1alpha1',
  kind: 'DomainConfig',
  metadata: { name: 'production' },
};

/** The smallest config, with more fields of `spec` on top. */
export function withSpec(spec: Record<string, unknown> = {}): unknown {
  return { ...HEADER, spec: { domain: 'ml.example.com', tls: { mode: 'secret' }, ...spec } };
}

/** All problems of a config whose `spec` has these fields besides the smallest one's. */
export function problemsOf(spec: Record<string, unknown>): readonly Problem[] {
  return checkConfig(withSpec(spec)).problems;
}

/** `config-host spec.domain`, sorted as they came. */
export function labels(problems: readonly Problem[]): string[] {
  return problems.map((problem) => `${problem.code} ${problem.path}`);
}

/** The settings of a config that has to be good. */
export function settingsOf(spec: Record<string, unknown> = {}): Settings {
  const { settings, problems } = checkConfig(withSpec(spec));
  assert.equal(problems, []);
  return settings as Settings;
}
