/** What is to be said of the certificates that a server sends: names, who signed, whether the chain is complete, how long they last. */
import type { X509Certificate } from 'node:crypto';
import type { Settings } from '../../config/settings.ts';
import { plural } from '../../errors.ts';
import { matchesWildcard } from '../../net/wildcards.ts';
import { type Authorities, anchorOf, signerAmong } from './authorities.ts';
import { type Answer, failed, notTried, ok, warning } from './line.ts';

/** The server's own first, then what it sent with it, each signed by the next. */
export type Chain = readonly [X509Certificate, ...X509Certificate[]];

const DAY = 86_400_000;

/** cert-manager renews a certificate of 90 days with 30 left: with fewer than these it has failed for a while. */
const FEW_DAYS = 21;

/** What controllers serve where the Secret of an entry is not there. Sources: ingress-nginx, "Default SSL Certificate"; Traefik, "Default Certificate". */
const DEFAULT_CERTIFICATE =
  /CN=(?:Kubernetes Ingress Controller Fake Certificate|TRAEFIK DEFAULT CERT)$/m;

/** Whether the server's certificate is for the host; a default certificate of a controller is called that. */
export function judgeNames(host: string, [leaf]: Chain): Answer {
  const names = (leaf.subjectAltName ?? '')
    .split(', ')
    .flatMap((one) => (one.startsWith('DNS:') ? [one.slice(4)] : []));
  const shown = names.length > 0 ? names.join(', ') : 'no name at all';
  if (names.some((name) => matchesWildcard(name, host, 'one')))
    return ok(shown, `the certificate is for ${host}`);
  return isDefault(leaf)
    ? failed(
        `the controller's own certificate (${commonName(leaf.subject)})`,
        'the controller has no certificate for this host: the Secret of its entry is not there, or not in its namespace',
        causeOfDefault(host),
      )
    : failed(
        shown,
        `clients refuse a certificate that is not for ${host}: the Secret has another one, or another entry takes the host`,
      );
}

/** Whether who signed is who `tls.mode` says. */
export function judgeIssuer(
  host: string,
  chain: Chain,
  settings: Settings | undefined,
  authorities: Authorities,
): Answer {
  const [leaf] = chain;
  const came = nameOf(leaf.issuer);
  if (isDefault(leaf)) return failed(came, 'the controller signed it itself', causeOfDefault(host));
  const cause = causeOfSigner(host);
  switch (settings?.tlsMode) {
    case 'acme':
      return judgeAcme(leaf, settings.config.spec.tls?.acme?.server ?? 'production', cause);
    case 'ca':
      if (authorities.own.length === 0)
        return notTried(
          `${came} signed; whether that is the CA, --ca FILE with its certificate tells`,
        );
      return endOf(chain, authorities.own)
        ? ok(came, 'the CA of --ca signed it, as tls.mode `ca` wants')
        : failed(came, 'another than the CA of --ca signed it, and tls.mode is `ca`', cause);
    default:
      return ok(
        came,
        settings
          ? `tls.mode \`${settings.tlsMode}\` leaves who signs to others`
          : 'no config says who has to sign',
      );
  }
}

/** Source: Let's Encrypt, "Chains of Trust" and "Staging Environment": the names of all that sign in staging begin with (STAGING). */
function judgeAcme({ issuer }: X509Certificate, server: string, cause: string): Answer {
  const came = nameOf(issuer);
  const isLetsEncrypt = /^O=(?:\(STAGING\) )?Let's Encrypt$/m.test(issuer);
  const isStaging = issuer.includes('(STAGING)');
  if (server !== 'production' && server !== 'staging')
    return ok(came, `it has to be the authority at ${server}`);
  if (isLetsEncrypt && isStaging === (server === 'staging'))
    return ok(came, `Let's Encrypt's ${server} signed it, as tls.acme.server says`);
  const meaning = !isLetsEncrypt
    ? "the certificate is not Let's Encrypt's: an older Secret, or somebody in front ends TLS"
    : isStaging
      ? "Let's Encrypt's staging signed it, which no client trusts: the Secret is of an earlier issuer, delete it so that cert-manager asks again"
      : "Let's Encrypt's production signed it, and the config says staging";
  return isLetsEncrypt && !isStaging ? warning(came, meaning) : failed(came, meaning, cause);
}

/** Whether clients can follow the signatures up to somebody they trust. */
export function judgeChain(
  host: string,
  chain: Chain,
  settings: Settings | undefined,
  authorities: Authorities,
): Answer {
  const sent = `${plural(chain.length, 'certificate')} sent`;
  const cause = causeOfSigner(host);
  const anchor = endOf(chain, authorities.own) ?? endOf(chain, authorities.public());
  if (anchor) return ok(sent, `complete: ${nameOf(anchor.subject)} at its end is trusted`);
  const path = pathOf(chain);
  const last = path.at(-1) as X509Certificate;
  const [leaf] = chain;
  if (isDefault(leaf)) return failed(sent, 'the controller signed it itself', causeOfDefault(host));
  const { tlsMode, config } = settings ?? {};
  const isStaging = tlsMode === 'acme' && config?.spec.tls?.acme?.server === 'staging';
  if (isStaging && leaf.issuer.includes('(STAGING)'))
    return notTried(
      "nobody trusts Let's Encrypt's staging: --ca FILE with its root tells whether the chain is complete",
    );
  const isSelfSigned = last.checkIssued(last);
  // An authority that people know never signs with its root; one that --ca names would have been found.
  if (path.length === 1 && !isSelfSigned && (authorities.own.length > 0 || tlsMode === 'acme'))
    return failed(
      `${sent}: ${chain.length === 1 ? 'the certificate alone' : 'none of them signed the certificate'}`,
      `the intermediate certificate "${nameOf(leaf.issuer)}" is missing: browsers may find it, gRPC clients do not; tls.crt of the Secret has to have it behind the certificate`,
      cause,
    );
  const whose = isSelfSigned
    ? `"${nameOf(last.subject)}", which signed itself`
    : `"${nameOf(last.issuer)}"`;
  if (authorities.own.length === 0 && tlsMode === 'ca')
    return notTried(
      `it leads to ${whose}: --ca FILE with the certificate of the CA tells whether it is complete`,
    );
  return failed(
    `${sent}, which lead to ${whose}`,
    authorities.own.length > 0
      ? 'neither a public authority nor one of --ca: clients that trust those refuse it'
      : 'no public authority: --ca FILE names one of your own; if it is public, an intermediate certificate is missing',
    cause,
  );
}

/** Of everything that was sent, what ends first. */
export function judgeValidity(chain: Chain, now: number): Answer {
  const [first] = [...chain].sort((one, other) => endDate(one) - endDate(other)) as [
    X509Certificate,
  ];
  const which =
    first === chain[0] ? 'the certificate' : `the intermediate "${nameOf(first.subject)}"`;
  const [from, until] = [Date.parse(first.validFrom), endDate(first)];
  const date = new Date(until).toISOString().slice(0, 10);
  const notYet = chain.find(({ validFrom }) => Date.parse(validFrom) > now);
  if (notYet)
    return failed(
      `valid from ${new Date(Date.parse(notYet.validFrom)).toISOString()}`,
      'not valid yet: the clock of this machine, or of the one that signed, is wrong',
    );
  if (until <= now)
    return failed(
      `${which} ended on ${date}`,
      'clients refuse it: see why it was not renewed (kubectl describe certificate), or renew the Secret',
    );
  const left = (until - now) / DAY;
  const came = `${left < 3 ? `${Math.floor(left * 24)} hours` : `${Math.floor(left)} days`} left, until ${date}`;
  // A certificate for a few days has always few left.
  return left * DAY < Math.min(FEW_DAYS * DAY, (until - from) / 4)
    ? warning(came, `${which} ends soon, and nothing renewed it`)
    : ok(came, `${which} is valid`);
}

/** The trusted certificate at which a chain ends. */
function endOf(chain: Chain, trusted: readonly X509Certificate[]): X509Certificate | undefined {
  for (const one of pathOf(chain)) {
    const anchor = anchorOf(one, trusted);
    if (anchor) return anchor;
  }
  return undefined;
}

/** What was sent of the way up from the server's own certificate: what signed nothing below it helps no client. */
function pathOf([leaf, ...sent]: Chain): X509Certificate[] {
  const path = [leaf];
  for (
    let next = signerAmong(leaf, sent);
    next && !path.includes(next);
    next = signerAmong(next, sent)
  )
    path.push(next);
  return path;
}

function isDefault({ subject }: X509Certificate): boolean {
  return DEFAULT_CERTIFICATE.test(subject);
}

const causeOfDefault = (host: string) => `default certificate of ${host}`;
const causeOfSigner = (host: string) => `signer of ${host}`;

function endDate({ validTo }: X509Certificate): number {
  return Date.parse(validTo);
}

/** `O=Let's Encrypt, CN=R11`, which stands in lines. */
function nameOf(lines: string): string {
  return (
    lines
      .split('\n')
      .filter((line) => !/^C=/.test(line))
      .join(', ') ||
    lines ||
    'somebody without a name'
  );
}

function commonName(lines: string): string {
  return /^CN=(.*)$/m.exec(lines)?.[1] ?? nameOf(lines);
}
