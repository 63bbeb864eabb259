/**
 * Requests are followed through random topologies before and after the function: entry, Service, pod, listener, virtual host, route,
 * cluster, with TLS and CORS. Where the function does not refuse, the new hosts give what the old ones gave, the old ones give
 * nothing of ours, others' hosts give what they gave, and nothing of that is silent.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from '../support/fast-check.ts';
import { applyToStream } from '../support/function.ts';
import { compare } from './compare.ts';
import { configOf, manifestsOf, type Topology, topologies } from './topology.ts';

/** Enough for every commit; `FUZZ_RUNS=20000` looks further. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 250);

test('requests arrive where they arrived', () => {
  let accepted = 0;
  fc.assert(
    fc.property(topologies, fc.integer(), (topology, seed) => {
      const stream = shuffled(manifestsOf(topology), seed).join('\n---\n');
      const { status, stdout, stderr } = run(topology, stream);
      if (status !== 0) {
        assert.match(stderr, /\[[a-z-]+\]/);
        assert.not.match(stderr, /\[internal\]/);
        return;
      }
      accepted += 1;
      compare(topology, stdout, stderr);
      assert.is(run(topology, stdout).stdout, stdout, 'a second run changes nothing');
    }),
    { numRuns },
  );
  assert.ok(accepted > numRuns / 10, `only ${accepted} of ${numRuns} were accepted`);
});

function run(topology: Topology, stream: string) {
  return applyToStream(Buffer.from(configOf(topology)), Buffer.from(stream));
}

/** The same members in an order that the seed decides. */
function shuffled(members: readonly string[], seed: number): string[] {
  let state = seed;
  const order = members.map((member) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return { member, key: state };
  });
  return order.sort((left, right) => left.key - right.key).map(({ member }) => member);
}

test.run();
