import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';

/** Turns names of hosts into addresses. */
export abstract class NameResolver {
  /** All addresses of a name, best first. Throws the error of the system (`ENOTFOUND`, `EAI_AGAIN`) when there are none. */
  abstract resolve(name: string): Promise<readonly LookupAddress[]>;
}

/** Asks what the machine asks: its hosts file, then its name servers. */
export class SystemNameResolver extends NameResolver {
  override resolve(name: string): Promise<readonly LookupAddress[]> {
    return lookup(name, { all: true });
  }
}
