/** Failures of registered compute clusters, each planted where the overlay has one, or beside manifests that never had any. */
import type { Planting } from './plantings.ts';
import { find, type Manifest } from './support.ts';

const REST = 'spec.kubernetes.rest';

const restOf = (manifests: readonly Manifest[]) => find(manifests, 'Cluster').spec.kubernetes.rest;

/** A Cluster as people write it by hand. */
const cluster = (namespace: string): Manifest => ({
  apiVersion: 'michelangelo.api/v2',
  kind: 'Cluster',
  metadata: { name: 'gpu', namespace },
  spec: {
    kubernetes: {
      rest: {
        host: 'https://k8s.gpu.ml.example.com',
        port: '6443',
        tokenTag: 'gpu-token',
        caDataTag: 'gpu-ca',
      },
    },
  },
});

const secret = (name: string, namespace: string, data: Record<string, string>): Manifest => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  data,
});

export const CLUSTER_PLANTINGS: readonly Planting[] = [
  {
    name: 'a namespace of kustomize moves a Cluster and its Secret away',
    code: 'cluster-not-found',
    path: 'metadata.namespace',
    in: ['sound.yaml'],
    plant: (manifests) => {
      manifests.push(cluster('ml'), secret('gpu-token', 'ml', { token: '' }));
    },
  },
  {
    name: 'a later layer moves the Cluster away',
    code: 'cluster-not-found',
    path: 'metadata.namespace',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'Cluster').metadata.namespace = 'michelangelo';
    },
  },
  {
    name: "a Cluster's Secret is in the namespace of the overlay",
    code: 'cluster-not-found',
    path: 'metadata.namespace',
    in: ['production'],
    plant: (manifests) => {
      manifests.push(secret('cluster-gpu-ca-data', 'michelangelo', { cadata: '' }));
    },
  },
  {
    name: 'the host of a Cluster has no scheme',
    code: 'cluster-not-found',
    severity: 'warning',
    path: `${REST}.host`,
    in: ['sound.yaml'],
    plant: (manifests) => {
      const written = cluster('ma-system');
      written.spec.kubernetes.rest.host = 'k8s.gpu.ml.example.com';
      manifests.push(written);
    },
  },
  {
    name: 'a Cluster names no Secret with its CA',
    code: 'cluster-secrets',
    path: `${REST}.caDataTag`,
    in: ['production'],
    plant: (manifests) => {
      delete restOf(manifests).caDataTag;
    },
  },
  {
    name: 'the Secret with the token has it under another key',
    code: 'cluster-secrets',
    path: 'data',
    in: ['production'],
    plant: (manifests) => {
      manifests.push(secret('cluster-gpu-client-token', 'default', { 'client-token': '' }));
    },
  },
  {
    name: 'the Role is about the Secrets of another cluster',
    code: 'cluster-secrets',
    path: REST,
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'Role', '-cluster-secrets').rules[0].resourceNames = [
        'cluster-cpu-client-token',
        'cluster-cpu-ca-data',
      ];
    },
  },
  {
    name: "the Role is in the overlay's namespace",
    code: 'cluster-secrets',
    path: REST,
    in: ['production'],
    plant: (manifests) => {
      for (const kind of ['Role', 'RoleBinding'])
        find(manifests, kind, '-cluster-secrets').metadata.namespace = 'michelangelo';
    },
  },
  {
    name: "another program's ServiceAccount gets the Role",
    code: 'cluster-secrets',
    path: REST,
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'RoleBinding', '-cluster-secrets').subjects[0].name = 'michelangelo-worker';
    },
  },
  {
    name: 'nothing is bound to the Role',
    code: 'cluster-secrets',
    path: REST,
    in: ['production'],
    plant: (manifests) => {
      manifests.splice(manifests.indexOf(find(manifests, 'RoleBinding', '-cluster-secrets')), 1);
    },
  },
  {
    name: 'a Cluster has other Secrets than the Role names',
    code: 'cluster-secrets',
    path: REST,
    in: ['production'],
    plant: (manifests) => {
      Object.assign(restOf(manifests), { tokenTag: 'gpu-token', caDataTag: 'gpu-ca' });
    },
  },
  {
    name: 'a Cluster leads to another port',
    code: 'cluster-differs',
    path: `${REST}.host`,
    in: ['production'],
    plant: (manifests) => {
      restOf(manifests).port = '443';
    },
  },
  {
    name: 'a Cluster leads to another host',
    code: 'cluster-differs',
    path: `${REST}.host`,
    in: ['production'],
    plant: (manifests) => {
      restOf(manifests).host = 'https://k8s.gpu-2.ml.example.com';
    },
  },
];
