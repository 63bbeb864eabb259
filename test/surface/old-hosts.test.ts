/** Which of the hosts that parts are called by are hosts of the past. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { clientHosts } from '../../src/surface/old-hosts.ts';
import { surfaceOf } from '../../src/surface/surface.ts';
import { configMap } from '../rules/support.ts';

const test = suite('hosts that parts are called by');

test("a worker's host is one, unless it ends with the worker's namespace", () => {
  const hosts = (address: string) => {
    const worker = configMap('worker', 'base.yaml', `worker: { address: "${address}" }`);
    const text = worker.replace('name: worker', 'name: worker\n  namespace: ml');
    return clientHosts(surfaceOf(splitDocuments(Buffer.from(text)))).get('api');
  };
  assert.equal(hosts('api.example:443'), ['api.example']);
  assert.equal(hosts('api.ml:15566'), []);
});

test.run();
