import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { checklistOf } from '../../src/checks/shared/checklist.ts';
import { asView, find, foreign, overlay, planted, type Stream } from './support.ts';

function statesOf(stream: Stream): string {
  const surface = asView(stream);
  return checklistOf(surface, runChecks(surface))
    .map(({ number, state }) => `${number}${state === 'pass' ? '+' : state === 'fail' ? '-' : '?'}`)
    .join(' ');
}

test('a sound overlay passes what manifests show', async () => {
  assert.is(statesOf(await overlay('production')), '1? 2+ 3+ 4+ 5+ 6+ 7+ 8? 9?');
  assert.is(statesOf(await overlay('onprem')), '1? 2+ 3+ 4+ 5+ 6+ 7+ 8? 9?');
});

test('so do manifests of others', () => {
  assert.is(statesOf(foreign()), '1? 2+ 3+ 4+ 5+ 6+ 7+ 8? 9?');
});

test('Secrets that people make cannot be seen', () => {
  assert.is(statesOf(foreign('sound-contour.yaml')), '1? 2+ 3+ 4? 5+ 6+ 7+ 8? 9?');
});

test('a failure fails its item alone, and names the code', () => {
  const stream = planted(foreign(), (manifests) => {
    delete find(manifests, 'Ingress', '-grpc').metadata.annotations[
      'nginx.ingress.kubernetes.io/backend-protocol'
    ];
  });
  assert.is(statesOf(stream), '1? 2- 3+ 4+ 5+ 6+ 7+ 8? 9?');
  const surface = asView(stream);
  assert.is(checklistOf(surface, runChecks(surface))[1]?.because, 'grpc-over-http1');
});

test('what cannot be seen comes with the command that shows it', () => {
  const surface = asView(foreign());
  const lines = checklistOf(surface, runChecks(surface));
  assert.is(lines.length, 9);
  assert.is(lines[0]?.because, 'kubectl get ingressclass');
  assert.match(lines[8]?.because ?? '', '-servername grpc.ml.acme.io -alpn h2');
});

test('an entry that is missing fails its item', () => {
  const stream = planted(foreign(), (manifests) => {
    manifests.splice(manifests.indexOf(find(manifests, 'Ingress', '-web')), 1);
  });
  assert.match(statesOf(stream), '3-');
});

test('nothing passes that was compared with nothing, and an entry that is not read is said', () => {
  const stream = planted(foreign(), (manifests) => {
    for (const [ending, host] of [
      ['-grpc', 'grpc.elsewhere.example'],
      ['-web', 'studio.elsewhere.example'],
    ] as const) {
      const ingress = find(manifests, 'Ingress', ending);
      const { name, port } = ingress.spec.rules[0].http.paths[0].backend.service;
      manifests[manifests.indexOf(ingress)] = {
        apiVersion: 'projectcontour.io/v1',
        kind: 'HTTPProxy',
        metadata: { name: ingress.metadata.name },
        spec: {
          virtualhost: { fqdn: host },
          routes: [{ services: [{ name, port: port.number }] }],
        },
      };
    }
  });
  assert.match(statesOf(stream), /5\? 6\? 7\?/);
  const { findings } = runChecks(asView(stream));
  assert.is(findings.filter(({ code }) => code === 'entry-not-read').length, 2);
});

test('only a Deployment that is in the stream is named', () => {
  const commandOf = (stream: Stream) => {
    const surface = asView(stream);
    return checklistOf(surface, runChecks(surface))[7]?.because ?? '';
  };
  assert.match(commandOf(foreign()), 'deploy/prod-ma-controllermgr');
  const stream = planted(foreign(), (manifests) => {
    manifests.splice(manifests.indexOf(find(manifests, 'Deployment', 'controllermgr')), 1);
  });
  assert.not.match(commandOf(stream), 'deploy/');
  assert.match(commandOf(stream), 'kubectl run');
});

test.run();
