/** Whether what is installed in the cluster is new enough, and cert-manager is told to look at Gateways. */
import { printable } from '../../errors.ts';
import { asksForGateways, needed, type Program } from '../../surface/requirements.ts';
import type { Surface } from '../../surface/surface.ts';
import {
  asText,
  getIn,
  isObject,
  type JsonObject,
  list,
  objectAt,
  stringAt,
  strings,
} from '../../yaml/json.ts';
import { parseYaml } from '../../yaml/yaml.ts';
import { getWords, type Kubectl } from './kubectl.ts';
import { type Answer, failed, ok, type Probe, type Step, warning } from './line.ts';
import { isOlder } from './versions.ts';

/** A CRD of each program, and where its version stands in it. Sources: the CRDs of their releases. */
const DEFINITIONS: readonly { program: Program; crd: string; path: readonly string[] }[] = [
  {
    program: 'Gateway API',
    crd: 'httproutes.gateway.networking.k8s.io',
    path: ['annotations', 'gateway.networking.k8s.io/bundle-version'],
  },
  {
    program: 'cert-manager',
    crd: 'certificates.cert-manager.io',
    path: ['labels', 'app.kubernetes.io/version'],
  },
  {
    program: 'Prometheus operator',
    crd: 'prometheusrules.monitoring.coreos.com',
    path: ['annotations', 'operator.prometheus.io/version'],
  },
];

/** The item of the guide's list: certificates. */
const CERTIFICATES = 4;

/** @param cluster - the line that says whether the cluster is reached at all */
export function versionLines(surface: Surface, kubectl: Kubectl, cluster: Probe): Probe[] {
  const versions = DEFINITIONS.flatMap(({ program, crd, path }): Probe[] => {
    const requirement = needed(program, surface);
    if (!requirement) return [];
    const words = getWords('crd', crd);
    return [
      {
        group: 'cluster',
        tried: `version of ${program === 'cert-manager' ? program : `the ${program}`}`,
        command: kubectl.command(words),
        after: [cluster],
        run: async (step) => {
          const found = await kubectl.get(words, step);
          if (!found) return failed(`no ${crd}`, `install ${program}`);
          const version = printable(stringAt(found, ['metadata', ...path]));
          if (version === '')
            return warning(
              'its kinds do not say',
              'a cloud or a tool may have its own copy of them',
            );
          const { version: wanted, because } = requirement;
          return isOlder(version, wanted)
            ? failed(version, `${because} needs ${wanted}: older ones drop the field, or refuse it`)
            : ok(version, `new enough: ${because} needs ${wanted}`);
        },
      },
    ];
  });
  return [...versions, ...(asksForGateways(surface) ? [gatewaySwitch(kubectl, cluster)] : [])];
}

/** Labels of its controller. Source: cert-manager's Helm chart, of which its manifests are made. */
const CONTROLLER = 'app.kubernetes.io/name=cert-manager,app.kubernetes.io/component=controller';

/** Source: cert-manager, "Upgrading from v1.14 to v1.15": the feature gate alone, which did it before, does nothing since. */
function gatewaySwitch(kubectl: Kubectl, cluster: Probe): Probe {
  const words = ['get', 'deployments', '--all-namespaces', '-l', CONTROLLER, '-o', 'json'];
  return {
    group: 'cluster',
    tried: 'whether cert-manager looks at Gateways',
    command: kubectl.command(words),
    items: [CERTIFICATES],
    after: [cluster],
    run: async (step) => {
      const [controller] = list(getIn(await kubectl.get(words, step), ['items']));
      return controller
        ? judgeController(controller, kubectl, step)
        : warning(
            'no controller of it',
            'it is not installed, or has other labels than its releases',
          );
    },
  };
}

async function judgeController(
  controller: JsonObject,
  kubectl: Kubectl,
  step: Step,
): Promise<Answer> {
  const pod = objectAt(controller, ['spec', 'template', 'spec']);
  const containers = list(pod['containers']);
  const said = containers.flatMap(({ command, args }) => [...strings(command), ...strings(args)]);
  const flag = said.find((word) => /^--enable-gateway-api(=|$)/.test(word));
  // A flag goes before the file.
  if (flag !== undefined) return answerOf(printable(flag), !flag.endsWith('=false'));
  const file = said.find((word) => word.startsWith('--config='))?.slice('--config='.length);
  if (file === undefined) return answerOf('no --enable-gateway-api', false);
  const source = configMapAt(file, pod, containers);
  if (!source)
    return warning(
      `its config is ${printable(file)}, of no ConfigMap`,
      '`enableGatewayAPI: true` has to be in it',
    );
  const found = await kubectl.get(
    getWords('configmap', source.name, stringAt(controller, ['metadata', 'namespace'])),
    step,
  );
  const config = parseYaml(stringAt(found, ['data', source.key])).json;
  const value = getIn(config, ['enableGatewayAPI']);
  return answerOf(`enableGatewayAPI: ${printable(asText(value ?? 'not set'))}`, value === true);
}

function answerOf(came: string, isOn: boolean): Answer {
  return isOn
    ? ok(came, 'it makes certificates for Gateways')
    : failed(
        came,
        'no certificate is made for a Gateway, and no challenge answered through one: set `config.enableGatewayAPI: true` in the values of its chart, or give its controller --enable-gateway-api, once the Gateway API is installed',
      );
}

/** The ConfigMap that has a file of the containers, and its key. */
function configMapAt(
  file: string,
  pod: JsonObject,
  containers: readonly JsonObject[],
): { name: string; key: string } | undefined {
  const mount = containers
    .flatMap(({ volumeMounts }) => list(volumeMounts))
    .find(({ mountPath }) => file.startsWith(`${asText(mountPath).replace(/\/$/, '')}/`));
  const volume = list(pod['volumes']).find(({ name }) => name === mount?.['name']);
  const source = volume?.['configMap'];
  if (!mount || !isObject(source) || typeof source['name'] !== 'string') return undefined;
  const key = file.slice(asText(mount['mountPath']).replace(/\/$/, '').length + 1);
  return { name: source['name'], key };
}
