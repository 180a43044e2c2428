export { SystemClock, SystemIds } from './machine';
export type { Platform, ServiceDocuments, ServiceParts } from './platform';
export { readSettings, variableOf } from './settings';
export type { Environment } from './settings';
export { start } from './start';
export type { HttpDoor, RunningService, ServiceDefinition } from './start';
