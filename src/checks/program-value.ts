/** Values in the configs of Michelangelo's programs that have the wrong form. */
import type { Resource } from '../manifests/resource.ts';
import { isTemplated, readAddress } from '../net/addresses.ts';
import { ENGINE_SECTIONS } from '../surface/clients.ts';
import { type Engine, enginesOf } from '../surface/engines.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { isMisspelled } from '../surface/near-names.ts';
import { type DocumentTarget, jsonOf } from '../surface/parts.ts';
import { variableOf } from '../surface/task-pods.ts';
import { getIn } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { programValues } from './shared/program-values.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'A value in a form that the program does not read',
  why: 'The programs are written in Go, and read their configs strictly: a string where a number or a boolean belongs, or a map where a list does, ends them when they start, and a URL where `host:port` belongs is no address.',
  fix: 'write numbers and booleans without quotes, and addresses as `host:port`',
  find: (surface) => [
    ...surface.clients.flatMap((target) => [...engines(target), ...region(target)]),
    ...enginesOf(surface.clients).flatMap(provider),
    ...programValues(surface),
    ...surface.taskPods.flatMap(fileSystem),
  ],
};

/** Source: Michelangelo's `docs/operator-guides/jobs/register-a-compute-cluster-to-michelangelo-control-plane.md`. */
function fileSystem(resource: Resource): Fault[] {
  const written = variableOf(resource, 'MA_FILE_SYSTEM');
  const path = 'data.MA_FILE_SYSTEM';
  if (
    written !== '' &&
    !isTemplated(written) &&
    !/^(?:[a-z][a-z0-9+.-]*:\/\/[^/]|\/)/i.test(written)
  )
    return [
      {
        resource,
        path,
        message: `MA_FILE_SYSTEM is \`${written}\`, which is no URL of a store`,
        fix: `write \`s3://${written.replace(/^\w*:?\/*/, '')}\``,
      },
    ];
  const scheme = variableOf(resource, 'MA_FILE_SYSTEM_S3_SCHEME').toLowerCase();
  const endpoint = readAddress(variableOf(resource, 'AWS_ENDPOINT_URL'))?.scheme?.toLowerCase();
  if (!scheme || !endpoint || isTemplated(scheme) || scheme === endpoint) return [];
  return [
    {
      resource,
      path: 'data.MA_FILE_SYSTEM_S3_SCHEME',
      severity: 'warning',
      message: `MA_FILE_SYSTEM_S3_SCHEME is ${scheme}, and AWS_ENDPOINT_URL begins with ${endpoint}://`,
      fix: `write \`${endpoint}\` in both where the store speaks ${endpoint === 'https' ? 'TLS' : 'plain HTTP'}`,
    },
  ];
}

/** Anything that is not Temporal is Cadence to the programs. */
function provider({ target, section, written, named }: Engine): Fault[] {
  if (!written || named) return [];
  const meant = ['temporal', 'cadence'].find((name) => isMisspelled(written.toLowerCase(), name));
  return [
    inDocument(target, [section, 'provider'], {
      severity: meant === 'temporal' ? undefined : 'warning',
      message: `${section}.provider is \`${written}\`, which is no workflow engine: the programs take it for Cadence`,
      fix: `write \`${meant ?? 'temporal'}\``,
    }),
  ];
}

function engines(target: DocumentTarget): Fault[] {
  return ENGINE_SECTIONS.flatMap((section): Fault[] => {
    const host = getIn(jsonOf(target), [section, 'host']);
    if (typeof host !== 'string' || host === '' || isTemplated(host)) return [];
    const path = [section, 'host'];
    // Of gRPC's own: `dns:///host:port`.
    const scheme = /^(https?|grpcs?|tcp):\/\//i.exec(host)?.[0];
    if (scheme)
      return [
        inDocument(target, path, {
          message: `${path.join('.')} begins with ${scheme}, and the program reads \`host:port\``,
          fix: `write \`${host.slice(scheme.length).replace(/\/.*$/, '')}\`; whether TLS is used is said by \`useTLS\``,
        }),
      ];
    if (!/^[\w.-]+$/.test(host)) return [];
    return [
      inDocument(target, path, {
        severity: 'warning',
        message: `${path.join('.')} has no port: gRPC takes 443 for it, and workflow engines listen on 7233 (Temporal) or 7833 (Cadence) unless something stands before them`,
        fix: `write the port: \`${host}:7233\` for Temporal, for instance`,
      }),
    ];
  });
}

/** Of Amazon's own store: the region of its name and the one that requests are signed for. */
function region(target: DocumentTarget): Fault[] {
  const json = jsonOf(target);
  const written = getIn(json, ['minio', 'awsRegion']);
  const address = getIn(json, ['minio', 'awsEndpointUrl']);
  if (typeof written !== 'string' || typeof address !== 'string') return [];
  if (isTemplated(written) || isTemplated(address)) return [];
  const host = readAddress(address)?.host ?? '';
  const named = /(?:^|\.)s3[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com/.exec(host)?.[1];
  if (!named || named === written) return [];
  return [
    inDocument(target, ['minio', 'awsRegion'], {
      message: `minio.awsRegion is ${written}, and the store is that of ${named}: S3 refuses requests that are signed for another region`,
      fix: `write \`${named}\`, or the endpoint of ${written}; \`spec.objectStore\` writes both`,
    }),
  ];
}
