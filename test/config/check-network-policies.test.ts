/** What `spec.networkPolicies` means beyond its fields. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { labels, problemsOf } from './fixtures.ts';

const EGRESS = 'spec.networkPolicies.egress';
const inside = { namespaceSelector: { matchLabels: { team: 'ml' } } };

const rows: [name: string, networkPolicies: Record<string, unknown>, expected: string[]][] = [
  ['accepts a mode alone', {}, []],
  [
    'accepts addresses of either family, with a length or without',
    { egress: [{ to: 'object-store', cidrs: ['192.0.2.1', '2001:db8::/32'] }] },
    [],
  ],
  [
    'accepts pods with their ports, and every pod of every namespace',
    { egress: [{ to: 'workflow-engine', namespaceSelector: {}, ports: [7233] }] },
    [],
  ],
  [
    'accepts a word of the user that says for whom',
    { egress: [{ to: 'slack', for: ['worker'], cidrs: ['192.0.2.1'], ports: [443] }] },
    [],
  ],
  [
    'accepts the Kubernetes API for a worker without ports, which are the same everywhere',
    { egress: [{ to: 'kubernetes-api', for: ['worker'], cidrs: ['192.0.2.1'] }] },
    [],
  ],
  [
    'accepts two entries for one word',
    { egress: ['192.0.2.1', '192.0.2.2'].map((cidr) => ({ to: 'database', cidrs: [cidr] })) },
    [],
  ],
  [
    'refuses a word that nothing needs and that says for nobody',
    { egress: [{ to: 'slack', cidrs: ['192.0.2.1'] }] },
    [`config-value ${EGRESS}[0].to`],
  ],
  [
    'refuses an entry that leads nowhere',
    { egress: [{ to: 'database' }] },
    [`config-required ${EGRESS}[0].cidrs`],
  ],
  [
    'refuses an empty list of addresses, which would be everything',
    { egress: [{ to: 'database', cidrs: [] }], from: { entry: { cidrs: [] } } },
    [`config-value ${EGRESS}[0].cidrs`, 'config-value spec.networkPolicies.from.entry.cidrs'],
  ],
  [
    'refuses pods without ports: those of their Service may be others',
    { egress: [{ to: 'workflow-engine', ...inside }] },
    [`config-required ${EGRESS}[0].ports`],
  ],
  [
    'refuses components without ports',
    { egress: [{ to: 'database', for: ['ui'], cidrs: ['192.0.2.1'] }] },
    [`config-required ${EGRESS}[0].ports`],
  ],
  [
    'refuses a condition without values, and one with values that takes none',
    {
      from: {
        entry: {
          podSelector: {
            matchExpressions: [
              { key: 'a', operator: 'In' },
              { key: 'a', operator: 'Exists', values: ['b'] },
            ],
          },
        },
      },
    },
    [
      'config-required spec.networkPolicies.from.entry.podSelector.matchExpressions[0].values',
      'config-conflict spec.networkPolicies.from.entry.podSelector.matchExpressions[1].values',
    ],
  ],
];
for (const [name, networkPolicies, expected] of rows)
  test(name, () => {
    const problems = problemsOf({ networkPolicies: { mode: 'restricted', ...networkPolicies } });
    assert.equal(labels(problems), expected);
  });

test('a word with a mistake in it is corrected', () => {
  const egress = [{ to: 'worflow-engine', cidrs: ['192.0.2.1'] }];
  const [problem] = problemsOf({ networkPolicies: { mode: 'restricted', egress } });
  assert.is(problem?.fix, 'write `workflow-engine`');
});

test('each compute cluster has a word', () => {
  const computeClusters = [{ name: 'gpu', server: 'https://gpu.example.com:6443' }];
  const egress = ['gpu', 'cpu'].map((name) => ({ to: `compute-${name}`, cidrs: ['192.0.2.1'] }));
  const problems = problemsOf({ computeClusters, networkPolicies: { mode: 'restricted', egress } });
  assert.equal(labels(problems), [`config-value ${EGRESS}[1].to`]);
});

test.run();
