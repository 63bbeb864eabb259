/** A Kubernetes API on one machine: etcd and kube-apiserver, without nodes and without controllers. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from '../../support/temporary.ts';
import { makeCertificate } from '../support/certificates.ts';
import type { Keep } from '../support/stand.ts';
import { until } from '../support/until.ts';
import { KubernetesApi } from './kubernetes.ts';
import { ownAddress } from './loopback.ts';
import { startProgram } from './process.ts';
import { controlPlaneTool } from './programs.ts';

export interface ControlPlane {
  api: KubernetesApi;
  /** Path of a kubeconfig with every right. */
  kubeconfig: string;
}

/** Starts one, empty, on a loopback address of its own. */
export async function startControlPlane(keep: Keep): Promise<ControlPlane> {
  const folder = temporaryFolder();
  const host = ownAddress();
  const etcd = keep(
    startProgram(join(controlPlaneTool.path, 'etcd'), etcdWords(folder, host)),
    'etcd',
  );

  const { key, certificate } = await makeCertificate(['localhost']);
  const token = randomBytes(16).toString('hex');
  writeFileSync(join(folder, 'tls.key'), key);
  writeFileSync(join(folder, 'tls.crt'), certificate);
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`);
  await execa('openssl', ['genrsa', '-out', join(folder, 'service-account.key'), '2048']);
  const server = keep(
    startProgram(join(controlPlaneTool.path, 'kube-apiserver'), serverWords(folder, host)),
    'kube-apiserver',
  );

  const api = keep(new KubernetesApi({ host, port: 6443, token, certificate }));
  await until(
    'the Kubernetes API',
    () => {
      etcd.assertRunning();
      server.assertRunning();
      return api.read('/readyz');
    },
    60_000,
  );
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigFor(host, token, certificate)));
  return { api, kubeconfig };
}

function etcdWords(folder: string, host: string): string[] {
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=http://${host}:2379`,
    `--advertise-client-urls=http://${host}:2379`,
    `--listen-peer-urls=http://${host}:2380`,
    `--initial-advertise-peer-urls=http://${host}:2380`,
    `--initial-cluster=default=http://${host}:2380`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

function serverWords(folder: string, host: string): string[] {
  return [
    `--etcd-servers=http://${host}:2379`,
    `--bind-address=${host}`,
    `--tls-cert-file=${join(folder, 'tls.crt')}`,
    `--tls-private-key-file=${join(folder, 'tls.key')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://localhost',
    `--service-account-key-file=${join(folder, 'service-account.key')}`,
    `--service-account-signing-key-file=${join(folder, 'service-account.key')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    // Without controllers nobody makes the accounts that it asks for.
    '--disable-admission-plugins=ServiceAccount',
    '--endpoint-reconciler-type=none',
  ];
}

/** Made of what KubernetesApi uses too; JSON is YAML. */
function kubeconfigFor(host: string, token: string, certificate: string): object {
  const cluster = {
    server: `https://${host}:6443`,
    'tls-server-name': 'localhost',
    'certificate-authority-data': Buffer.from(certificate).toString('base64'),
  };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  };
}
