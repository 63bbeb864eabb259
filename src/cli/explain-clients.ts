/** Settings of clients as people read them on a terminal, to copy. */
import { printed } from '../errors.ts';
import type { ClientSettings } from '../report/client-settings.ts';
import type { Colors } from './colors.ts';

/** @param title - the overlay */
export function formatClients(title: string, client: ClientSettings, colors: Colors): string {
  const { config, addresses, isServed, cliFile, cliEnvironment, pages, redirectUris } = client;
  const [address, ...aliases] = addresses;
  const section = (heading: string, lines: readonly string[]) =>
    `\n${colors.bold(printed(heading))}\n${lines.map((line) => (line ? `  ${line}\n` : '\n')).join('')}`;
  return [
    `${printed(`${title}, DomainConfig ${config}: settings of clients`)}\n`,
    isServed
      ? ''
      : `note: nothing in these manifests leads to ${printed(String(address))}: it is reached only where an entry is kept elsewhere\n`,
    section('ma CLI, in ~/.ma/config.toml', [
      '# The CLI reads the two lines at the top. Its documentation has them below [ma], where it does not look today.',
      ...cliFile.trimEnd().split('\n'),
    ]),
    section('ma CLI, in the environment, which wins over the file', exportsOf(cliEnvironment)),
    section('Python SDK', sdkLines(client)),
    ...caSection(client, section),
    aliases.length > 0 ? section('The API has these addresses too', aliases) : '',
    section('Page', pages),
    section('Identity provider: redirect URIs to allow', [
      ...redirectUris,
      '# A proxy that signs people in has a path of its own: oauth2-proxy /oauth2/callback.',
    ]),
  ].join('');
}

function sdkLines({ useTls, sdkEnvironment, addresses: [address = ''] }: ClientSettings): string[] {
  if (!useTls) return exportsOf(sdkEnvironment);
  return [
    '# MA_API_SERVER alone opens a channel without TLS, which this address refuses. Give it one, before the first call:',
    'import grpc',
    'from michelangelo.api.v2 import APIClient',
    `APIClient.set_channel(grpc.secure_channel(${JSON.stringify(address)}, grpc.ssl_channel_credentials()))`,
    '# Since summer 2026 also:',
    `client = APIClient(endpoint=${JSON.stringify(address)}, insecure=False)`,
  ];
}

function caSection(
  { caFile }: ClientSettings,
  section: (heading: string, lines: readonly string[]) => string,
): string[] {
  if (caFile === 'none') return [];
  const heading =
    caFile === 'needed'
      ? 'CLI and SDK: the CA in a file, because no public authority signs'
      : 'CLI and SDK: the CA in a file, where no public authority signs';
  return [section(heading, ['export GRPC_DEFAULT_SSL_ROOTS_FILE_PATH=/path/to/ca.crt'])];
}

function exportsOf(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
}
