import { portsFor } from '../stack/running/ports.mjs';

/** How many processes of each service there are when nobody says otherwise; started in this order. */
export const USUAL = { workspaces: 1, events: 2, runtime: 2, gateway: 2 };

/** Bytes that NATS sets aside for the log: little, so that a cluster on one machine starts on any disk. */
const LOG_CAPACITY = String(4 * 1024 ** 3);

/** Passwords of the servers' own users: a process is told its own, under another name. */
const OTHERS_SECRETS = /^MILLRACE_(NATS_[A-Z]+|KEYCLOAK_ADMIN)_PASSWORD$/;

/** What the servers of the stack are told to whoever uses them, by server. */
const ADDRESSES = {
  nats: 'MILLRACE_NATS_URL',
  mongodb: 'MILLRACE_MONGODB_URL',
  elasticsearch: 'MILLRACE_ELASTICSEARCH_URL',
  s3: 'MILLRACE_S3_URL',
  keycloak: 'MILLRACE_ISSUER_URL',
};

/** @typedef {Record<string, string>} Settings */

/**
 * One process of a service: `port` is that of its public door, if it has one.
 * @typedef {{ name: string, service: string, env: Settings, adminPort: number, port: number | undefined }} Planned
 */

/**
 * The servers of the stack that the environment does not name an address of. Gateways that sign people in themselves need no Keycloak.
 * @param {Settings} environment
 */
export function missingServers(environment) {
  const needed = Object.entries(ADDRESSES).filter(([server]) => server !== 'keycloak' || environment['MILLRACE_IDENTITY'] !== 'embedded');
  return needed.flatMap(([server, variable]) => (environment[variable] === undefined ? [server] : []));
}

/**
 * Reads `gateway=1,runtime=3`; what is not named has its usual number.
 * @param {string} text
 * @returns {Record<string, number> | undefined} undefined: that is no such list
 */
export function instancesOf(text) {
  /** @type {Record<string, number>} */
  const counts = { ...USUAL };
  for (const part of text.split(',').filter((each) => each !== '')) {
    const [service = '', count = ''] = part.split('=');
    if (!Object.hasOwn(USUAL, service) || !/^\d$/.test(count)) return undefined;
    counts[service] = Number(count);
  }
  return counts;
}

/**
 * The processes of a cluster with the environment of each: what the operator set, then what the servers are told by.
 * @param {{ counts: Record<string, number>, settings: Settings, url: string, installation: string }} wanted url: where the world reaches it
 * @returns {Promise<Planned[]>}
 */
export async function plan({ counts, settings, url, installation }) {
  const names = Object.entries(counts).flatMap(([service, count]) =>
    Array.from({ length: count }, (_, index) => ({ service, name: `${service}-${index + 1}` })),
  );
  /** @type {Planned[]} */
  const planned = [];
  for (const [index, { name, service }] of names.entries()) {
    const ports = await portsFor([]);
    const adminPort = ports.next();
    const port = service === 'gateway' ? ports.next() : undefined;
    const env = {
      MILLRACE_IDENTITY: 'external',
      MILLRACE_LOG_CAPACITY: LOG_CAPACITY,
      ...ownSettings(settings, service, index === names.findIndex((other) => other.service === 'events')),
      MILLRACE_PLATFORM: 'cluster',
      ...(installation === '' ? {} : { MILLRACE_INSTALLATION: installation }),
      MILLRACE_PUBLIC_URL: url,
      MILLRACE_ADMIN_PORT: String(adminPort),
      ...(port === undefined ? {} : { MILLRACE_PORT: String(port) }),
    };
    planned.push({ name, service, env, adminPort, port });
  }
  return planned;
}

/**
 * The settings of one service: of the NATS users it has its own, and one process has the one that prepares the servers.
 * @param {Settings} settings
 * @param {string} service
 * @param {boolean} prepares
 * @returns {Settings}
 */
function ownSettings(settings, service, prepares) {
  const own = settings[`MILLRACE_NATS_${service.toUpperCase()}_PASSWORD`];
  const setup = settings['MILLRACE_NATS_SETUP_PASSWORD'];
  return {
    ...Object.fromEntries(Object.entries(settings).filter(([name]) => !OTHERS_SECRETS.test(name))),
    ...(own === undefined ? {} : { MILLRACE_NATS_USER: service, MILLRACE_NATS_PASSWORD: own }),
    ...(prepares && setup !== undefined ? { MILLRACE_NATS_SETUP_USER: 'setup', MILLRACE_NATS_SETUP_PASSWORD: setup } : {}),
  };
}
