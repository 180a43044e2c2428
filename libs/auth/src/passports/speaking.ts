import { DomainError, type Principal, type PrincipalKind } from '@millrace/kernel';

/** Besides itself, whom a service may speak for. The gateway turns outside credentials into principals; the runtime runs automations. */
const SPEAKS_FOR: ReadonlyMap<string, readonly PrincipalKind[]> = new Map([
  ['gateway', ['user', 'key', 'worker', 'anonymous', 'automation']],
  ['runtime', ['automation']],
]);

/** Whether a passport of `service` may say `principal`. Every service may speak for itself, and none for another service. */
export function maySpeakFor(service: string, principal: Principal): boolean {
  if (principal.kind === 'service') return principal.id === service;
  return SPEAKS_FOR.get(service)?.includes(principal.kind) ?? false;
}

/** The service asked for a passport it may not have. */
export function principalNotOurs(service: string, { kind, id }: Principal): DomainError {
  return new DomainError(
    'auth.principal_not_ours',
    'forbidden',
    `"${service}" may not speak for the ${kind} "${id}". Pass on the principal that came with the call, or call as the service itself.`,
    { facts: { service, kind, id } },
  );
}
