import { io } from 'socket.io-client';

/** Milliseconds that a server may take to answer, where it is not said. */
const PATIENCE = 5_000;
const AGAIN_AFTER = 200;

/** @typedef {{ event: { id: string, type: string, epoch: string, payload: { n: number, at?: number } }, offset: string }} Delivered */
/** @typedef {{ position: string, recovered: boolean, reason?: string, code?: string, detail?: string }} Answer */

/**
 * Watches through a socket of socket.io, as a client does that nobody wrote for us. Answers how to stop.
 * @param {Pick<import('../../victims/victim.mjs').Victim, 'url' | 'token'>} victim
 * @param {import('./watch.mjs').Watch} watch
 * @param {{ patience?: number, onEvent?: (delivered: Delivered) => void }} [more] `onEvent`: told of each event, too
 */
export function watchBySocket(victim, watch, { patience = PATIENCE, onEvent = () => undefined } = {}) {
  const socket = io(`${victim.url}/v1/workspaces/${watch.workspace}/events`, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 1_000,
    timeout: patience,
    auth: (tell) =>
      void victim.token().then(
        (token) => tell({ token }),
        () => tell({}),
      ),
  });
  let stopped = false;
  const again = () => void setTimeout(() => (stopped ? undefined : socket.connect()), AGAIN_AFTER);
  const begin = () =>
    subscribe(socket, watch, patience).catch(() => {
      socket.disconnect();
      again();
    });
  socket.on('connect', () => void begin());
  socket.on('event', onEvent);
  // Whom the server refuses or sends away does not come back by itself.
  socket.on('connect_error', () => (socket.active ? undefined : again()));
  socket.on('disconnect', (reason) => (reason === 'io server disconnect' ? again() : undefined));
  socket.on('event', (/** @type {Delivered} */ { event, offset }) => watch.take(event, `${event.epoch}-${offset}`));
  socket.on('gap', (/** @type {{ reason: string, from: string }} */ { reason, from }) => watch.loses(reason, from));
  return () => {
    stopped = true;
    socket.disconnect();
  };
}

/**
 * @param {import('socket.io-client').Socket} socket
 * @param {import('./watch.mjs').Watch} watch
 * @param {number} patience
 */
async function subscribe(socket, watch, patience) {
  const { types, where } = watch.wish;
  const wish = { id: 'all', types, ...(where === undefined ? {} : { where }), ...watch.since };
  const answer = /** @type {Answer} */ (await socket.timeout(patience).emitWithAck('subscribe', wish));
  if (answer.code !== undefined) throw new Error(answer.detail);
  watch.enters(answer.position);
  if (!answer.recovered) watch.loses(answer.reason ?? '', answer.position);
}
