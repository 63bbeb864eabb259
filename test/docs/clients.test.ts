/** The README shows what `explain --clients` prints. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { formatClients } from '../../src/cli/explain-clients.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Settings } from '../../src/config/settings.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { clientSettings } from '../../src/report/client-settings.ts';
import { surfaceOf } from '../../src/surface/surface.ts';
import { builtOverlay } from '../support/overlays.ts';

test('the README shows what explain --clients prints', async () => {
  const config = readFileSync(join(packageRoot, 'overlays/production/domain.yaml'), 'utf8');
  const settings = loadConfig(config).settings as Settings;
  const surface = surfaceOf(splitDocuments(Buffer.from(await builtOverlay('production'))), {
    settings,
  });
  const plain = {
    bold: String,
    dim: String,
    red: String,
    green: String,
    cyan: String,
    yellow: String,
  };
  const client = clientSettings(settings, surface);
  const text = formatClients('overlays/production', client, plain as never);
  assert.match(readFileSync(join(packageRoot, 'README.md'), 'utf8'), text);
});

test.run();
