export { EventsSeen } from './events-seen';
export { temporaryFolder } from './folders';
export { signedIn } from './sign-in';
export { freePort, startStandaloneProcess } from './standalone-process';
export type { Ports, StandaloneOptions, StandaloneProcess } from './standalone-process';
export { person, serviceBench } from './service-bench';
export type { ServiceBench } from './service-bench';
export { VirtualTime } from './virtual-time';
