/** Classes of Ingresses and Gateways, beside the harmless change of the same kind. */
import { test } from 'uvu';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const first = (manifests: Manifest[]) => manifests.find(({ kind }) => kind === 'Ingress');
const addClass = (name: string, controller: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name },
  spec: { controller },
});

const CLASSES: readonly PlantedChange[] = [
  {
    name: 'one letter off, beside the IngressClass',
    code: 'class-missing',
    in: ['sound-contour.yaml'],
    plant: (manifests) => {
      first(manifests).spec.ingressClassName = 'egde';
    },
  },
  {
    name: 'one letter off, beside another entry',
    code: 'class-missing',
    in: ['production', 'sound.yaml'],
    plant: (manifests) => {
      const { spec } = first(manifests);
      spec.ingressClassName = spec.ingressClassName.replace('gi', 'ig');
    },
  },
  {
    name: 'a class of another name, beside an IngressClass',
    code: 'class-missing',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: (manifests) => {
      manifests.push(addClass('internal', 'k8s.io/ingress-nginx'));
    },
  },
  {
    name: 'the IngressClass itself',
    in: ['sound.yaml'],
    plant: (manifests) => {
      manifests.push(addClass('nginx-public', 'k8s.io/ingress-nginx'));
    },
  },
  {
    name: 'no class, where the other entries have one',
    code: 'class-missing',
    severity: 'warning',
    in: ['production', 'sound.yaml'],
    says: /^no class is named, and the other entries have nginx/,
    plant: (manifests) => {
      delete first(manifests).spec.ingressClassName;
    },
  },
  {
    name: 'no class, where one of these manifests is the default',
    in: ['production', 'sound.yaml'],
    plant: (manifests) => {
      const { spec } = first(manifests);
      const made: Manifest = addClass(spec.ingressClassName, 'k8s.io/ingress-nginx');
      made.metadata.annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
      manifests.push(made);
      delete spec.ingressClassName;
    },
  },
  {
    name: 'a GatewayClass that is one letter off',
    code: 'class-missing',
    in: ['sound-gateway.yaml'],
    plant: (manifests) => {
      find(manifests, 'Gateway').spec.gatewayClassName = 'internt';
    },
  },
];

await plantEach(CLASSES);

test.run();
