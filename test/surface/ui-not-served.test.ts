/** Whether anything leads to the page, where some of Envoy's routes are not in its document. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { uiNotServed } from '../../src/surface/faults/ui-not-served.ts';
import { editEnvoy, hostOf } from '../checks/envoy-plantings.ts';
import { asView, foreign, type Manifest, planted } from '../checks/support.ts';

const test = suite('the page is served');

const managerOf = (listener: Manifest) => listener.filter_chains[0].filters[0].typed_config;

/** Every route of Envoy's listener leads to the API. */
const toApiAlone = ([listener]: Manifest[]) => {
  const { routes } = hostOf(managerOf(listener));
  for (const { route } of routes) if (route) route.cluster = routes[0].route.cluster;
};
const services = (edit: (listeners: Manifest[]) => void) => {
  const stream = planted(
    foreign(),
    editEnvoy((root) => edit(root.static_resources.listeners)),
  );
  return uiNotServed(asView(stream)).map(({ resource }) => resource?.name);
};

test('routes that somebody hands to one of two listeners may lead there', () => {
  assert.equal(services(toApiAlone), ['prod-ma-ui']);
  const withAnother = services((listeners) => {
    toApiAlone(listeners);
    const other = structuredClone(listeners[0]);
    other.name = 'other';
    delete managerOf(other).route_config;
    managerOf(other).rds = { route_config_name: 'pages' };
    listeners.push(other);
  });
  assert.equal(withAnother, []);
});

test.run();
