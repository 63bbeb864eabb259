import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  failed,
  type Line,
  NoAnswer,
  notTried,
  ok,
  type Probe,
  warning,
} from '../../../src/cli/verify/line.ts';
import { runProbes } from '../../../src/cli/verify/run-probes.ts';

const probe = (tried: string, run: Probe['run'], rest: Partial<Probe> = {}): Probe => ({
  group: 'API',
  tried,
  command: 'true',
  run,
  ...rest,
});
const says = (tried: string, answer: Awaited<ReturnType<Probe['run']>>, after: Probe[] = []) =>
  probe(tried, async () => answer, { after });

const inTime = (seconds = 5, stepSeconds = seconds, atOnce = 8) => ({
  end: Date.now() + seconds * 1000,
  stepSeconds,
  atOnce,
});
const shown = (lines: readonly Line[]) => lines.map(({ tried, status }) => `${tried} ${status}`);

const engine = suite('running what is looked at');

engine('the lines come in the order of the probes, whoever is first', async () => {
  const slow = probe('slow', async () => {
    await pause(30);
    return ok('here', 'late');
  });
  const lines = await runProbes([slow, says('quick', ok('here', 'soon'))], inTime());
  assert.equal(shown(lines), ['slow ok', 'quick ok']);
});

engine('a line that asks twice has what is left for the second', async () => {
  const seen: number[] = [];
  const twice = probe('twice', async (step) => {
    seen.push(step.seconds);
    await pause(300);
    seen.push(step.seconds);
    return ok('here', 'late');
  });
  await runProbes([twice], inTime());
  const [first = 0, second = 0] = seen;
  assert.ok(first - second >= 0.29, `${first} and ${second}`);
});

engine('what depends on a failed line is not tried, and names that one', async () => {
  const address = says('DNS', failed('none', 'set it'));
  const connection = says('TLS', ok('never', 'never'), [address]);
  const call = says('call', ok('never', 'never'), [connection]);
  const lines = await runProbes([address, connection, call], inTime());
  assert.equal(shown(lines), ['DNS failed', 'TLS not tried', 'call not tried']);
  assert.is(lines[2]?.means, 'it needs "DNS", which failed');
});

engine('what depends on a line that was not tried is not tried', async () => {
  const cluster = says('cluster', notTried('no kubectl'));
  const lines = await runProbes(
    [cluster, says('class', ok('never', 'never'), [cluster])],
    inTime(),
  );
  assert.is(lines[1]?.means, 'it needs "cluster", which was not tried');
});

engine('a warning stops nothing', async () => {
  const first = says('first', warning('so', 'so'));
  const lines = await runProbes([first, says('next', ok('here', 'well'), [first])], inTime());
  assert.equal(shown(lines), ['first warning', 'next ok']);
});

engine('of two lines with one cause the first fails', async () => {
  const lines = await runProbes(
    [
      says('call', failed('14', 'down', 'server')),
      says('page', failed('502', 'down', 'server', 'Envoy')),
      says('preflight', failed('502', 'down', 'Envoy')),
      says('other', failed('404', 'no route')),
    ],
    inTime(),
  );
  assert.equal(shown(lines), [
    'call failed',
    'page not tried',
    'preflight not tried',
    'other failed',
  ]);
  assert.match(lines[2]?.means ?? '', 'the same cause as "call"');
});

engine(
  'a silent peer fails one line, after the time of a line, and what it had open is ended',
  async () => {
    let isEnded = false;
    const silent = probe(
      'call',
      ({ signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            isEnded = true;
          });
        }),
      { peer: 'api.example.com:443' },
    );
    const same = probe('page', () => new Promise(() => {}), { peer: 'api.example.com:443' });
    const begun = Date.now();
    const lines = await runProbes([silent, same], inTime(5, 0.1));
    // The end of all probes is later.
    assert.ok(Date.now() - begun < 4000);
    assert.equal(shown(lines), ['call failed', 'page not tried']);
    assert.match(lines[0]?.came ?? '', 'an answer did not come in 0.1 s');
    assert.ok(isEnded);
  },
);

engine('where nobody has to be, silence and refusal are warnings', async () => {
  const refuse = () => Promise.reject(new NoAnswer(failed('refused', 'nobody')));
  const lines = await runProbes(
    [
      probe('silent', () => new Promise(() => {}), { isOptional: true }),
      probe('refused', refuse, { isOptional: true }),
      probe('wrong', async () => failed('200', 'plain'), { isOptional: true }),
    ],
    inTime(5, 0.1),
  );
  assert.equal(shown(lines), ['silent warning', 'refused warning', 'wrong failed']);
});

engine('when the time of all is over, the rest is not tried', async () => {
  const silent = probe('first', () => new Promise(() => {}));
  const lines = await runProbes([silent, says('second', ok('never', 'never'))], inTime(0.1, 10, 1));
  assert.equal(shown(lines), ['first failed', 'second not tried']);
});

engine('an error of a probe is an answer', async () => {
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const lines = await runProbes(
    [
      probe('reset', () => Promise.reject(reset)),
      probe('none', () => Promise.reject(new NoAnswer(notTried('no kubectl')))),
    ],
    inTime(),
  );
  assert.equal(shown(lines), ['reset failed', 'none not tried']);
  assert.is(lines[0]?.came, 'an error: ECONNRESET');
});

engine('only so many run at a time', async () => {
  let [running, most] = [0, 0];
  const probes = Array.from({ length: 9 }, (_, index) =>
    probe(String(index), async () => {
      running += 1;
      most = Math.max(most, running);
      await pause(5);
      running -= 1;
      return ok('', '');
    }),
  );
  const lines = await runProbes(probes, inTime(5, 5, 3));
  assert.is(lines.length, 9);
  assert.is(most, 3);
});

engine.run();
