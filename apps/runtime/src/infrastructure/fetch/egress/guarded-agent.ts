import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { EgressGuard } from './egress-guard';

/** Milliseconds to connect, the handshake of TLS included. */
const CONNECT_TIMEOUT = 10_000;

/**
 * An HTTP client whose every connection passes the guard: a literal address is checked before it is connected to, and a name is turned
 * into addresses by the guard alone, so that what was checked is what is connected to. The name stays the one the certificate must have.
 */
export function guardedAgent(guard: EgressGuard): Agent {
  const guarded = connector((name) => guard.addressesOf(name));
  const own = connector((name) => guard.ownAddressesOf(name));
  return new Agent({
    // Time is kept by the caller, for the whole of an attempt.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) => {
      try {
        guard.checkHost(options);
      } catch (refused) {
        callback(refused as Error, null);
        return;
      }
      (guard.isOwn(options) ? own : guarded)(options, callback);
    },
  });
}

function connector(resolve: (name: string) => Promise<readonly LookupAddress[]>): buildConnector.connector {
  return buildConnector({ lookup: lookupBy(resolve), autoSelectFamily: true, timeout: CONNECT_TIMEOUT });
}

/** `dns.lookup` as node's sockets call it, which never ask for an address that is already one. */
function lookupBy(resolve: (name: string) => Promise<readonly LookupAddress[]>): LookupFunction {
  return (name, { all }, callback) => {
    resolve(name).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) callback(notFound(name), '');
        else if (all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(error as NodeJS.ErrnoException, '');
      },
    );
  };
}

function notFound(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' });
}
