import { SignedPassports } from '@millrace/auth';
import type { Principal } from '@millrace/kernel';
import { Bus, type CallContext } from '@millrace/messaging';
import { AdminServer } from '@millrace/observability';
import { openLocalPlatform, start, type Platform, type RunningService, type ServiceDefinition } from '@millrace/service';
import { temporaryFolder } from './folders';

/** Services under test on an embedded platform of their own, and a caller that may speak for anyone, as the gateway does. */
export interface ServiceBench extends AsyncDisposable {
  readonly platform: Platform;
  readonly bus: Bus;
  readonly services: readonly RunningService[];
  /** The context of a call by this principal. */
  as(principal: Principal): CallContext;
}

/** Starts services in this process, each with its own container and its own connection, as standalone does. */
export async function serviceBench(...definitions: readonly ServiceDefinition[]): Promise<ServiceBench> {
  const folder = temporaryFolder();
  const platform = await openLocalPlatform({ folder: folder.path, durability: 'fast', logLevel: 'silent' });
  const admin = new AdminServer({ host: '127.0.0.1', port: 0 });
  const services: RunningService[] = [];
  for (const definition of definitions) services.push(await start(definition, platform, admin));
  const wire = await platform.connect('gateway');
  const passports = await SignedPassports.create({ service: 'gateway', keyValue: platform.keyValue, clock: platform.clock });
  return {
    platform,
    services,
    bus: new Bus(wire, passports, platform.clock),
    as: (principal) => ({ principal, correlationId: platform.ids.mint('req'), deadline: platform.clock.now() + 10_000 }),
    [Symbol.asyncDispose]: async () => {
      for (const service of services.toReversed()) await service.stop();
      await wire.close();
      await platform.close();
      folder[Symbol.dispose]();
    },
  };
}

/** A person, by id. */
export function person(id: string): Principal {
  return { kind: 'user', id, name: id, roles: ['person'] };
}
