import { getIn } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** RFC 5280, appendix A: ub-common-name. */
const LONGEST_COMMON_NAME = 64;
const COMMON_NAME = 'cert-manager.io/common-name';

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'A common name of more than 64 characters',
  why: 'X.509 ends a common name at 64 characters, so that cert-manager and every authority refuse the request. Clients read the alternative names alone.',
  fix: 'leave the common name out, and list the host in `dnsNames`',
  find: ({ manifests }) =>
    manifests.ofKind('Certificate', 'Ingress', 'Gateway').flatMap((resource) => {
      const [path, name] =
        resource.kind === 'Certificate'
          ? ['spec.commonName', getIn(resource.json, ['spec', 'commonName'])]
          : [`metadata.annotations[${COMMON_NAME}]`, resource.annotation(COMMON_NAME)];
      if (typeof name !== 'string' || name.length <= LONGEST_COMMON_NAME) return [];
      const message = `the common name ${name} has ${name.length} characters, ${LONGEST_COMMON_NAME} are allowed`;
      return [{ resource, path, message }];
    }),
};
