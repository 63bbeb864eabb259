/** Nothing is wrong where nothing is wrong. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findingsIn, foreign, label, OVERLAYS, overlay, type Stream } from './support.ts';

const streams = new Map<string, Stream>();
for (const name of OVERLAYS) streams.set(name, await overlay(name));
const errorsIn = (stream: Stream, others: readonly Stream[] = []) =>
  findingsIn(stream, others)
    .filter(({ severity }) => severity === 'error')
    .map(label);

for (const [name, stream] of streams) {
  test(`overlays/${name} has no error`, () => {
    assert.equal(errorsIn(stream), []);
  });

  test(`overlays/${name} has none either where nobody knows its config`, () => {
    assert.equal(errorsIn({ ...stream, settings: undefined }), []);
  });

  test(`overlays/${name} has none beside all others`, () => {
    assert.equal(
      errorsIn(
        stream,
        [...streams.values()].filter((other) => other !== stream),
      ),
      [],
    );
  });
}

for (const file of ['sound.yaml', 'sound-contour.yaml', 'sound-gateway.yaml'])
  test(`a chart's output has no finding at all: ${file}`, () => {
    assert.equal(findingsIn(foreign(file)).map(label), []);
  });

for (const file of ['sound-tls-in-pods.yaml', 'sound-own-balancer.yaml'])
  test(`a chart's output has no error: ${file}`, () => {
    assert.equal(errorsIn(foreign(file)), []);
  });

test('a stream in another order has the same findings', () => {
  const stream = foreign();
  const reversed = { ...stream, manifests: [...stream.manifests].reverse() };
  assert.equal(findingsIn(reversed), []);
});

test.run();
