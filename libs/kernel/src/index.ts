export { DomainError, REFUSALS } from './refusal';
export type { Facts, FieldProblem, Refusal, RefusalDetails } from './refusal';
export { ANONYMOUS, PRINCIPAL_KINDS, servicePrincipal } from './principal';
export type { Principal, PrincipalKind } from './principal';
export { Alarms, Clock } from './time';
export { formatId, Ids, isId } from './ids';
export type { AskedPage, Page } from './page';
export type { Json, JsonMap } from './json';
export { isEventPattern, isEventType, isNativeType, NATIVE_TOKENS } from './event-names';
