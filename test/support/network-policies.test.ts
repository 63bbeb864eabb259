/** The simulator of NetworkPolicies against the examples and the sentences of Kubernetes' own page. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type End, isOpen } from './network-policies.ts';

const test = suite('simulated NetworkPolicies');

const pod = (name: string, namespace: string, labels: Record<string, string>, ip: string): End => ({
  name,
  ip,
  pod: { namespace, labels, ports: { web: 8080 } },
});
const db = pod('db', 'default', { role: 'db' }, '10.1.0.1');
const frontend = pod('frontend', 'default', { role: 'frontend' }, '10.1.0.2');
const other = { ...pod('other', 'elsewhere', { role: 'frontend' }, '10.1.0.3') };
const friend = { ...other, namespaceLabels: { project: 'myproject' } };
const outside: End = { name: 'outside', ip: '172.17.5.1' };
const excepted: End = { name: 'excepted', ip: '172.17.1.1' };
const six: End = { name: 'six', ip: '2001:db8::7' };

const policy = (spec: object) => [
  { kind: 'NetworkPolicy', metadata: { name: 'a', namespace: 'default' }, spec },
];
const DB = { podSelector: { matchLabels: { role: 'db' } } };

/** The example of the page. */
const example = policy({
  ...DB,
  policyTypes: ['Ingress', 'Egress'],
  ingress: [
    {
      from: [
        { ipBlock: { cidr: '172.17.0.0/16', except: ['172.17.1.0/24'] } },
        { namespaceSelector: { matchLabels: { project: 'myproject' } } },
        { podSelector: { matchLabels: { role: 'frontend' } } },
      ],
      ports: [{ protocol: 'TCP', port: 6379 }],
    },
  ],
  egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/24' } }], ports: [{ port: 5978 }] }],
});

const rows: [what: string, from: End, to: End, port: number, policies: object[], open: boolean][] =
  [
    ['pods with the role', frontend, db, 6379, example, true],
    ['another port', frontend, db, 6380, example, false],
    ['the same labels in another namespace', other, db, 6379, example, false],
    ['pods of a namespace with the label', friend, db, 6379, example, true],
    ['an address of the range', outside, db, 6379, example, true],
    ['an address that is taken out of it', excepted, db, 6379, example, false],
    ['an address of the other family', six, db, 6379, example, false],
    ['outwards, to the range', db, { name: 'x', ip: '10.0.0.9' }, 5978, example, true],
    ['outwards, to another', db, { name: 'x', ip: '10.0.1.9' }, 5978, example, false],
    ['pods that no policy is about', other, frontend, 1, example, true],
    ['an empty rule is open', frontend, db, 1, policy({ ...DB, ingress: [{}] }), true],
    ['no rule is shut', frontend, db, 1, policy({ ...DB }), false],
    ['without policyTypes egress is open', db, outside, 1, policy({ ...DB, ingress: [] }), true],
    [
      'and shut where it is listed',
      db,
      outside,
      1,
      policy({ ...DB, policyTypes: ['Egress'] }),
      false,
    ],
    [
      'a port by its name',
      frontend,
      db,
      8080,
      policy({ ...DB, ingress: [{ ports: [{ port: 'web' }] }] }),
      true,
    ],
    [
      'a range of ports',
      frontend,
      db,
      8085,
      policy({ ...DB, ingress: [{ ports: [{ port: 8080, endPort: 8090 }] }] }),
      true,
    ],
    [
      'both selectors of a peer have to hold',
      friend,
      db,
      1,
      policy({
        ...DB,
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchLabels: { project: 'myproject' } },
                podSelector: {
                  matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['frontend'] }],
                },
              },
            ],
          },
        ],
      }),
      false,
    ],
  ];
for (const [what, from, to, port, policies, open] of rows)
  test(`${what}: ${open ? 'open' : 'shut'}`, () => {
    assert.is(isOpen(from, to, 'TCP', port, policies), open);
  });

test('UDP is another port', () => {
  assert.not.ok(isOpen(frontend, db, 'UDP', 6379, example));
});

test.run();
