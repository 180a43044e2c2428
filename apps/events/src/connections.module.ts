import type { WorkspaceRights } from '@millrace/auth';
import type { ServiceParts } from '@millrace/service';
import { Deeds } from './application/deeds';
import { ManageConnections } from './application/live/connections/manage-connections';
import type { LiveFeed } from './application/live/live-feed';
import type { Instances } from './application/ports/instances';
import { KeyValueInstances } from './infrastructure/key-value-instances';
import { WireRollCall } from './infrastructure/wire-roll-call';

/** This instance among the others, and who is connected to all of them. */
export interface OpenConnections {
  /** The name of this instance. */
  readonly instance: string;
  readonly instances: Instances;
  readonly manage: ManageConnections;
}

/** Wires what tells who is connected. Whoever asks is answered from when it resolves. */
export async function openConnections(parts: ServiceParts, rights: WorkspaceRights, feed: LiveFeed): Promise<OpenConnections> {
  const { platform, wire, clock, ids } = parts;
  const { eventLog, keyValue } = platform;
  const instance = ids.mint('evi');
  const instances = await KeyValueInstances.open(keyValue);
  await WireRollCall.answer(wire, instance, feed.connections);
  const roll = new WireRollCall({ wire, instances });
  return { instance, instances, manage: new ManageConnections({ rights, roll, eventLog, deeds: new Deeds(clock, ids) }) };
}
