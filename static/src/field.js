// The phone starts here: puts the parts together and shows the first screen.
import * as position from './device/position.js';
import * as probe from './device/probe.js';
import { LONG_SIDE, fit } from './model/sizes.js';
import { version } from './model/version.js';
import { sha256 } from './model/receipt.js';
import { setting } from './store/settings.js';
import { createApi } from './sync/api.js';
import { createEngine, wake } from './sync/engine.js';
import { transport } from './sync/transport.js';
import { createApp } from './screens/app.js';
import insecure from './screens/insecure.js';
import { keepFresh } from './screens/update.js';

const root = document.getElementById('app');

const picture = () => import('./device/shrink.js');
const shrink = async (...how) => (await picture()).shrink(...how);
const cover = async (...how) => (await picture()).cover(...how);

/** A photo made smaller, for a server that found it too large. */
async function smaller(bytes, step) {
  const [made] = await shrink(new Blob([bytes]), [step], fit);
  return { bytes: made, sha256: await sha256(made), type: 'image/jpeg' };
}

async function start() {
  if (!probe.secure()) return insecure(root);
  const api = createApi({ transport, build: version });
  const engine = createEngine({ sender: { send: (owner) => sending(owner) } });
  // Sending is fetched while the first screen is already read.
  const sender = import('./sync/sender.js').then(({ createSender }) => createSender({ api, shrink: smaller, tell: engine.tell }));
  const sending = async (owner) => (await sender).send(owner);
  const device = { ...position, ...probe, cover, shrink, fit, LONG_SIDE, awake: probe.stayAwake() };
  const { app, start: show } = createApp({ engine, api, device, root });
  keepFresh(app);
  await show();
  wake(engine, () => app.person?.owner);
  if (await setting('awake')) device.awake(true);
  await engine.now(app.person?.owner);
  return undefined;
}

start();
