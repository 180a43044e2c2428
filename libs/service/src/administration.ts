import { GatewayService } from '@millrace/contracts';
import { servicePrincipal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { AdminServer, IdentifyOperator, RecordHeapDump } from '@millrace/observability';
import type { ServiceParts } from './platform';
import type { ServiceDefinition } from './start';

/** Milliseconds that a question of the admin port may take. */
const PATIENCE = 5_000;

/** Shows a service on the admin port, and lets the port use what the service stands on: to know operators, and to put on record. */
export function administer(admin: AdminServer, { settings, needs = [] }: ServiceDefinition, parts: ServiceParts): void {
  admin.add({ ...parts, ...(settings === undefined ? {} : { settings }) });
  admin.identifyBy(operatorsOf(parts));
  if (needs.includes('eventLog')) admin.recordHeapDumpsBy(recordsOf(parts));
}

/** Asks the gateway, which alone knows credentials. */
function operatorsOf({ bus, passports, ...parts }: ServiceParts): IdentifyOperator {
  return async (token) => {
    const { signed } = await bus.call(GatewayService.method.identify, { token }, contextOf(parts));
    return passports.verify(signed);
  };
}

/** As an event of the platform, `<service>.heap.dumped`, which the audit view shows. */
function recordsOf({ platform, name, ids, clock }: ServiceParts): RecordHeapDump {
  return async ({ file, by: { kind, id } }) => {
    const event = {
      ...{ id: ids.mint('evt'), workspaceId: 'platform', type: `${name}.heap.dumped`, time: clock.now(), correlationId: ids.mint('req') },
      payload: new TextEncoder().encode(JSON.stringify({ file, process: process.pid })),
      actor: { kind, id },
      source: { service: name },
    };
    await platform.eventLog.append([event]);
  };
}

function contextOf({ name, ids, clock }: Pick<ServiceParts, 'name' | 'ids' | 'clock'>): CallContext {
  return { principal: servicePrincipal(name), correlationId: ids.mint('req'), deadline: clock.now() + PATIENCE };
}
