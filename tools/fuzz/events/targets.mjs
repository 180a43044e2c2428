import { cloudEvents } from './cloud-events.mjs';
import { cursors } from './cursors.mjs';
import { envelopes } from './envelopes.mjs';
import { frames } from './frames.mjs';
import { Ground } from './ground.mjs';
import { packets, polling } from './packets.mjs';
import { filters } from './questions.mjs';

/** Starts a Millrace, and says what must hold of it whatever is sent there; `end` also looks at what became of it. */
export async function prepare() {
  const ground = await Ground.make();
  return { targets: targetsOf(ground), end: () => ground.end() };
}

/** @param {Ground} ground */
export function targetsOf(ground) {
  return [
    { name: 'envelopes', property: envelopes(ground) },
    { name: 'cloud-events', property: cloudEvents(ground) },
    { name: 'filters', property: filters(ground) },
    { name: 'cursors', property: cursors(ground) },
    { name: 'packets', property: packets(ground) },
    { name: 'polling', property: polling(ground) },
    { name: 'frames', property: frames(ground) },
  ];
}
