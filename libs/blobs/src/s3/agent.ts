import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Socket } from 'node:net';

/** Connections that are cut when nothing moves on them for so many milliseconds: a server that stands still fails like one that is away. */
export function patientAgent(secure: boolean, patience: number): HttpAgent {
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    if (socket instanceof Socket) socket.setTimeout(patience, () => socket.destroy(silent()));
    return socket;
  };
  return agent;
}

/** What is said of a connection on which nothing came. */
export function silent(): Error {
  return Object.assign(new Error('Nothing came for too long.'), { code: 'ETIMEDOUT' });
}
