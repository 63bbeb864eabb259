/** What a controller is told for all of its Ingresses, where that is part of the stream: its ConfigMap, its arguments, its Helm values. */

import type { Controller, Limit } from '../controllers/controller.ts';
import { STREAM_SECONDS, secondsOf } from '../controllers/shared/durations.ts';
import { getIn } from '../yaml/json.ts';
import { onceFor } from './once.ts';
import type { Surface } from './surface.ts';

/** The value of an annotation's key for all Ingresses; undefined where no ConfigMap of the stream has it. */
export function globalSetting(
  { hasConfigMap }: Controller,
  annotation: string,
  { manifests }: Surface,
): string | undefined {
  if (!hasConfigMap) return undefined;
  const key = annotation.replace(/^.*\//, '');
  const values = manifests
    .find(['ConfigMap'], [key])
    .map(({ json }) => getIn(json, ['data', key]))
    .filter((value) => typeof value === 'string');
  return values[0];
}

/** Whether a setting of the controller lifts a limit on how long streams live. */
export function isLifted(
  { setting }: Limit,
  { durations = {} }: Controller,
  surface: Surface,
): boolean {
  if (!setting) return false;
  const values = valuesOf(setting, surface);
  if (setting.isJudged) return values.length > 0;
  return values.some((text) => (secondsOf(text, durations) ?? 0) >= STREAM_SECONDS);
}

/** What resources of the stream say of a setting. */
const valuesOf = onceFor(({ word, value }: NonNullable<Limit['setting']>, { manifests }) =>
  manifests.mentioning([word]).flatMap(({ json }) => {
    const text = JSON.stringify(json).replaceAll('\\n', '\n').replaceAll('\\"', '"');
    return value.exec(text)?.[1] ?? [];
  }),
);
