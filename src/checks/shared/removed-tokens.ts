/**
 * Tokens that Envoy checks and takes away before the API server sees them.
 *
 * Source: Envoy's `jwt_authn.v3.JwtProvider.forward`: without it the token is removed from the request.
 */
import { messageIn, objectIn, objectsIn, typeName } from '../../envoy/bootstrap.ts';
import { isTrue } from '../../envoy/proto-json.ts';
import { isTemplated } from '../../net/addresses.ts';
import { apiConfigsOf } from '../../surface/api-config.ts';
import { apiManagers } from '../../surface/envoy-api.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, leavesOf, objectAt } from '../../yaml/json.ts';

/** Each provider that a rule asks for, where the API server asks who calls. */
export function removedTokens(surface: Surface): Fault[] {
  const mode = modeOf(surface);
  if (mode === undefined) return [];
  return apiManagers(surface).flatMap(({ target, manager }) =>
    objectsIn(manager, ['http_filters'])
      .filter(({ value }) => !isTrue(value['disabled']))
      .flatMap((filter) => messageIn(filter, ['typed_config']))
      .filter(({ value }) => typeName(value) === 'JwtAuthentication')
      .flatMap((config) => {
        const asked = leavesOf([
          config.value['rules'] ?? null,
          config.value['requirement_map'] ?? null,
        ])
          .filter(({ path }) => /^provider_?name$/i.test(String(path.at(-1))))
          .map(({ value }) => value);
        const providers = Object.keys(objectAt(config.value, ['providers']));
        return providers
          .filter((name) => asked.includes(name))
          .flatMap((name) => objectIn(config, ['providers', name]).map((one) => ({ name, ...one })))
          .filter(({ value }) => removes(value))
          .map(({ name, path }) =>
            inDocument(target, [...path, 'forward'], {
              severity: 'warning',
              message: `provider ${name} of jwt_authn takes the token away, and the API server has \`auth.mode: ${mode}\`: it sees callers without one, unless that mode tells them by something else`,
              fix: 'write `forward: true`',
            }),
          );
      }),
  );
}

function removes(provider: Record<string, unknown>): boolean {
  // Those are not where the API server looks.
  const isElsewhere = ['from_headers', 'from_params', 'from_cookies'].some(
    (key) => key in provider,
  );
  return (
    !isTrue(provider['forward'] as never) && !isElsewhere && !('forward_payload_header' in provider)
  );
}

/** Undefined where the API server asks nobody, or nothing says so. */
function modeOf(surface: Surface): string | undefined {
  const pods = surface.apiServices.flatMap((service) => surface.podsOf(service));
  const modes = apiConfigsOf(pods, surface).map((target) =>
    asText(getIn(jsonOf(target), ['apiserver', 'auth', 'mode']) ?? ''),
  );
  return modes.find((mode) => mode !== '' && mode !== 'dummy' && !isTemplated(mode));
}
