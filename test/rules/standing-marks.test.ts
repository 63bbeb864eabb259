/** Marks of a base that serve as they are. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CONTROLLERS } from '../../src/controllers/index.ts';
import { suits } from '../../src/rules/standing-marks.ts';

for (const [name, controller] of Object.entries(CONTROLLERS))
  test(`of ${name}: no mark that it does not know`, () => {
    assert.not(suits({ key: 'example.com/timeout', old: '2h', wanted: '1h' }, controller));
  });

const TIMEOUT = 'nginx.ingress.kubernetes.io/proxy-read-timeout';
const PROTOCOL = 'nginx.ingress.kubernetes.io/backend-protocol';

test('a timeout that is no shorter, and gRPC with TLS', () => {
  const nginx = CONTROLLERS['ingress-nginx'];
  const answers = (key: string, wanted: string, ...old: string[]) =>
    old.map((each) => suits({ key, old: each, wanted }, nginx));
  assert.equal(answers(TIMEOUT, '3600', '3599', '3600', '7200', 'soon'), [
    false,
    true,
    true,
    false,
  ]);
  assert.equal(answers(PROTOCOL, 'GRPC', 'GRPCS', 'HTTP', 'grpcs'), [true, false, true]);
});

test.run();
