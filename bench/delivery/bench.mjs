// How long an event is on its way from the door to those who listen, beside the least that could carry it; how that grows with sockets and with
// filters. B6 and B7 of quality.md and the profiles of events.md §13. Options: `--rounds N`, `--seconds N`, `--profile a,b`, `--no-relay`,
// `--growth`, `--memory`.
import '../../tools/jest/run-typescript.mjs';
import { parseArgs } from 'node:util';
import { inTurns } from '../rounds/pairs.mjs';
import { startMillrace, startRelay, startRoom } from './contestants.mjs';
import { growth } from './growth.mjs';
import { memory } from './memory.mjs';
import { audience, measure } from './measure.mjs';
import { PROFILES } from './profiles.mjs';
import { heading, sayProfile, sayRoom } from './report.mjs';

const { values } = parseArgs({
  options: {
    ...{ rounds: { type: 'string' }, seconds: { type: 'string' }, profile: { type: 'string' } },
    ...{ 'no-relay': { type: 'boolean' }, growth: { type: 'boolean' }, memory: { type: 'boolean' } },
  },
});
const ROUNDS = Number(values.rounds ?? 5);
const SECONDS = Number(values.seconds ?? 20);
const WARM_UP = Math.min(10, Math.ceil(SECONDS / 2));
/** Sockets of the plain room that deliveries for a second of the processor are compared with, and events a second. */
const ROOM = { consumers: 200, rate: 50 };

const chosen = values.profile?.split(',') ?? [...PROFILES.map(({ id }) => id), 'room'];
const nats = values['no-relay'] === true ? undefined : await startNats();
const relay = nats === undefined ? undefined : await startRelay(nats.url);
try {
  console.log(heading(ROUNDS, SECONDS));
  const met = [];
  for (const durability of /** @type {const} */ (['fast', 'safe'])) met.push(...(await profiles(durability)));
  if (chosen.includes('room')) met.push(await besideRoom());
  if (values.growth === true) met.push(...(await growth({ rounds: ROUNDS, seconds: SECONDS, warmUp: WARM_UP })));
  if (values.memory === true) met.push(await memory(ROUNDS));
  process.exitCode = met.every(Boolean) ? 0 : 1;
} finally {
  await relay?.[Symbol.asyncDispose]();
  await nats?.stop();
}

/**
 * The profiles of this durability, each in turns with the relay.
 * @param {'fast' | 'safe'} durability
 */
async function profiles(durability) {
  const wanted = PROFILES.filter((profile) => profile.durability === durability && chosen.includes(profile.id));
  if (wanted.length === 0) return [];
  await using ours = await startMillrace(durability);
  const met = [];
  for (const profile of wanted) {
    const { rate, consumers, share, take, emit } = profile;
    const wish = { rate, audience: audience(consumers, share), seconds: SECONDS, warmUp: WARM_UP, take, emit };
    const contestants = { ours: () => measure(ours, wish), ...(relay === undefined ? {} : { relay: () => measure(relay, wish) }) };
    const results = await inTurns(contestants, ROUNDS);
    met.push(sayProfile(profile, results.get('ours') ?? [], results.get('relay') ?? []));
  }
  return met;
}

/** Deliveries for a second of the processor, beside a plain room. */
async function besideRoom() {
  await using ours = await startMillrace('fast');
  await using room = await startRoom();
  const wish = { rate: ROOM.rate, audience: audience(ROOM.consumers, 1), seconds: SECONDS, warmUp: WARM_UP };
  const results = await inTurns({ ours: () => measure(ours, wish), room: () => measure(room, wish) }, ROUNDS);
  return sayRoom(ROOM, results.get('ours') ?? [], results.get('room') ?? []);
}

async function startNats() {
  /** @type {typeof import('../log/nats-server')} */
  const { NatsServer } = await import(new URL('../log/nats-server.ts', import.meta.url).href);
  return NatsServer.start('1s');
}
