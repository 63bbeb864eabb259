/** Which controller serves an Ingress. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const ingress = (name: string, annotations: object, spec: object = {}) =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, annotations },
    spec,
  });
const ingressClass = (name: string, controller: string, isDefault = false) =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: {
      name,
      annotations: { 'ingressclass.kubernetes.io/is-default-class': String(isDefault) },
    },
    spec: { controller },
  });
const controllersIn = (...documents: string[]) =>
  surfaceOf(splitDocuments(Buffer.from(documents.join('\n---\n')))).entries[0]?.controllers;
const nginx = { 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' };
const inc = { 'nginx.org/ssl-redirect': 'True' };

const controller = suite('controller in use');

for (const [name, found, ...documents] of [
  ['a class of one controller', ['contour'], ingress('a', {}, { ingressClassName: 'contour' })],
  ['the annotation', ['traefik'], ingress('a', { 'kubernetes.io/ingress.class': 'traefik' })],
  [
    'a class of two, with marks of one',
    ['nginx-inc'],
    ingress('a', inc, { ingressClassName: 'nginx' }),
  ],
  [
    'a class of two, without marks',
    ['ingress-nginx', 'nginx-inc'],
    ingress('a', {}, { ingressClassName: 'nginx' }),
  ],
  [
    'a name of its own, with marks',
    ['ingress-nginx'],
    ingress('a', nginx, { ingressClassName: 'x' }),
  ],
  [
    'a name of its own, with marks on a sibling',
    ['ingress-nginx'],
    ingress('a', {}, { ingressClassName: 'x' }),
    ingress('b', nginx, { ingressClassName: 'x' }),
  ],
  ['nothing that tells', [], ingress('a', {}, { ingressClassName: 'x' })],
  [
    'an IngressClass, whatever the marks',
    ['haproxy'],
    ingress('a', nginx, { ingressClassName: 'x' }),
    ingressClass('x', 'haproxy.org/ingress-controller/x'),
  ],
  [
    'the default IngressClass',
    ['kong'],
    ingress('a', {}),
    ingressClass('x', 'ingress-controllers.konghq.com/kong', true),
  ],
] as [string, string[], ...string[]][])
  controller(`is told by ${name}`, () => {
    assert.equal(controllersIn(...documents), found);
  });

controller.run();
