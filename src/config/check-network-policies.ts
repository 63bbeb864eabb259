/** Checks of `spec.networkPolicies` beyond its fields: an entry that reaches nothing, words, ports, selectors that Kubernetes refuses. */
import { isCompute } from './check-role.ts';
import { WORDS_OF_TASK_PODS } from './check-task-pod-policies.ts';
import { computeWord, EGRESS_WORDS, portsOfWord } from './network-words.ts';
import { type Field, itemsAt, mapAt, present, textAt, textsAt } from './partial.ts';
import { type ConfigProblem, code, either, nearest, quote } from './wording.ts';

const EGRESS = 'spec.networkPolicies.egress';
const FROM = 'spec.networkPolicies.from';
const SELECTORS = ['namespaceSelector', 'podSelector'];

/** Problems of every entry of `egress` and of every peer of `from`. */
export function checkNetworkPolicies(config: unknown): ConfigProblem[] {
  const entries = itemsAt(config, EGRESS);
  const sources = Object.keys(mapAt(config, FROM) ?? {}).map((key) => `${FROM}.${key}`);
  return [
    ...entries.flatMap((entry) => [
      ...checkWord(config, entry),
      ...checkPeer(config, entry),
      ...checkPorts(config, entry),
    ]),
    ...[...entries.map(({ path }) => path), ...sources].flatMap((path) =>
      SELECTORS.flatMap((selector) => checkExpressions(config, `${path}.${selector}`)),
    ),
    ...itemsAt(config, 'spec.computeClusters').flatMap(({ path }) =>
      checkExpressions(config, `${path}.taskPods.podSelector`),
    ),
  ];
}

/** A word that no connection has needs somebody to whom it is open. */
function checkWord(config: unknown, { path }: Field<unknown>): ConfigProblem[] {
  // There every entry is for task pods.
  if (isCompute(config)) return [];
  const word = textAt(config, `${path}.to`);
  const clusters = itemsAt(config, 'spec.computeClusters').flatMap(
    (item) => textAt(config, `${item.path}.name`) ?? [],
  );
  const known: string[] = [...EGRESS_WORDS, ...clusters.map(computeWord)];
  // One that is registered without this config is known by its manifest alone.
  const isCluster = word?.startsWith(computeWord('')) && clusters.length === 0;
  if (word === undefined || known.includes(word) || isCluster || present(config, `${path}.for`))
    return [];
  const near = nearest(word, known);
  return [
    {
      code: 'config-value',
      path: `${path}.to`,
      message:
        'no component connects to anything of this name, and the entry does not say for whom it is',
      found: quote(word),
      expected: `${either(known.map(code))}, or any word together with \`for\``,
      fix: near
        ? `write ${code(near)}`
        : 'list in `for` the components that may reach it, for instance `for: [worker]`',
    },
  ];
}

/** Without addresses and selectors a rule of a NetworkPolicy would be open to everything. */
function checkPeer(config: unknown, { path, value }: Field<unknown>): ConfigProblem[] {
  const isSaid = ['cidrs', ...SELECTORS].some((field) => present(config, `${path}.${field}`));
  if (isSaid || textAt(config, `${path}.to`) === undefined) return [];
  return [
    {
      code: 'config-required',
      path: `${path}.cidrs`,
      message: 'the entry does not say where this is',
      found: quote(value),
      expected: '`cidrs`, or `namespaceSelector` and `podSelector`, or both',
      fix: 'add the addresses, or the selectors of the pods in this cluster',
    },
  ];
}

/** The port of a Service is not that of its pods, and nothing names one for whoever is listed in `for`. */
function checkPorts(config: unknown, { path }: Field<unknown>): ConfigProblem[] {
  const word = textAt(config, `${path}.to`) ?? '';
  const reasons = [
    ...(SELECTORS.some((field) => present(config, `${path}.${field}`))
      ? ['the pods may listen on another port than their Service']
      : []),
    ...(namesNoPort(config, path, word) ?? []),
  ];
  if (reasons.length === 0 || present(config, `${path}.ports`) || portsOfWord(word).length > 0)
    return [];
  return [
    {
      code: 'config-required',
      path: `${path}.ports`,
      message: `the ports have to be said: ${reasons.join(', and ')}`,
      found: 'no `ports`',
      expected: 'the ports that the other side listens on',
      fix: 'add `ports`; for pods `kubectl get endpointslices` shows them',
    },
  ];
}

/** Why no config says the port of what an entry is for. */
function namesNoPort(config: unknown, path: string, word: string): string[] | undefined {
  if (isCompute(config))
    return word === '' || WORDS_OF_TASK_PODS.includes(word)
      ? undefined
      : ['no config names those of a word of your own'];
  return present(config, `${path}.for`) ? ['the config of those in `for` names none'] : undefined;
}

/** Source: Kubernetes, "Labels and selectors": `In` and `NotIn` compare with values, the other two with none. */
function checkExpressions(config: unknown, path: string): ConfigProblem[] {
  return itemsAt(config, `${path}.matchExpressions`).flatMap((item): ConfigProblem[] => {
    const operator = textAt(config, `${item.path}.operator`);
    const takesValues = operator === 'In' || operator === 'NotIn';
    const hasValues = textsAt(config, `${item.path}.values`).length > 0;
    if (operator === undefined || takesValues === hasValues) return [];
    return [
      {
        code: takesValues ? 'config-required' : 'config-conflict',
        path: `${item.path}.values`,
        message: takesValues
          ? `${code(operator)} compares with values, and there are none`
          : `${code(operator)} compares with no values`,
        found: quote(hasValues ? ['a'] : undefined),
        expected: takesValues ? 'at least one value' : 'no `values`',
        fix: takesValues ? 'add the values' : 'remove `values`, or write `In`',
      },
    ];
  });
}
