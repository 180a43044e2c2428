import { setTimeout as sleep } from 'node:timers/promises';

const AGAIN_AFTER = 100;

/** @typedef {import('../../victims/victim.mjs').Victim} Victim */
/** @typedef {import('./watch.mjs').Watch} Watch */

/**
 * Watches an event stream, as a browser does. Answers how to stop.
 * @param {Victim} victim
 * @param {Watch} watch
 */
export function watchByStream(victim, watch) {
  const stop = new AbortController();
  void keepOpen(victim, watch, stop.signal);
  return () => stop.abort();
}

/**
 * @param {Victim} victim
 * @param {Watch} watch
 * @param {AbortSignal} signal
 */
async function keepOpen(victim, watch, signal) {
  while (!signal.aborted) {
    await follow(victim, watch, signal).catch(() => undefined);
    await sleep(AGAIN_AFTER);
  }
}

/**
 * @param {Victim} victim
 * @param {Watch} watch
 * @param {AbortSignal} signal
 */
async function follow(victim, watch, signal) {
  const { types, where } = watch.wish;
  const query = new URLSearchParams(where === undefined ? {} : { where });
  for (const type of types) query.append('types', type);
  const client = await victim.client();
  const headers = watch.position === '' ? {} : { 'last-event-id': watch.position };
  const answer = await client.fetch(`/v1/workspaces/${watch.workspace}/events:stream?${query.toString()}`, { headers, signal });
  if (!answer.ok || answer.body === null) throw new Error(`${answer.status}`);
  let isOpen = false;
  for await (const message of messages(answer.body)) {
    if (!isOpen && message.id !== undefined) watch.enters(message.id);
    isOpen = true;
    hear(watch, message);
  }
}

/**
 * @param {Watch} watch
 * @param {ReturnType<typeof messageOf>} message
 */
function hear(watch, { event, id, data }) {
  if (event === 'event' && id !== undefined) watch.take(JSON.parse(data), id);
  else if (event === 'gap') tellGap(watch, JSON.parse(data));
  else if (id !== undefined) watch.reaches(id);
}

/**
 * @param {Watch} watch
 * @param {{ reason: string, from: string }} gap
 */
function tellGap(watch, { reason, from }) {
  watch.loses(reason, from);
}

/** @param {ReadableStream<Uint8Array>} body */
async function* messages(body) {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    const blocks = (text + decoder.decode(bytes, { stream: true })).split('\n\n');
    text = blocks.pop() ?? '';
    yield* blocks.map(messageOf);
  }
}

/** @param {string} block */
function messageOf(block) {
  const fields = block.split('\n').map((line) => /^(\w*): ?(.*)$/.exec(line) ?? []);
  const fieldOf = (/** @type {string} */ name) => fields.find(([, found]) => found === name)?.[2];
  return { event: fieldOf('event'), id: fieldOf('id'), data: fieldOf('data') ?? '' };
}
