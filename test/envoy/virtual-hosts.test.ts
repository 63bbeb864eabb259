/** Which port of the Host header Envoy takes away before it looks for a virtual host. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ignoresPort } from '../../src/envoy/virtual-hosts.ts';

const manager = (value: Record<string, boolean>) => ({ path: [], value });

test('strip_any_host_port takes every port away', () => {
  assert.is(ignoresPort(manager({ strip_any_host_port: true }), 8443, 8081), true);
});

test("strip_matching_host_port takes the listener's own alone", () => {
  const matching = manager({ strip_matching_host_port: true });
  assert.is(ignoresPort(matching, 8443, 8081), false);
  assert.is(ignoresPort(matching, 8443, 8443), true);
});

test('a manager that says nothing takes none away', () => {
  assert.is(ignoresPort(manager({}), 8443, 8443), false);
});

test.run();
