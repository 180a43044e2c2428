export { EmbeddedIssuer } from './embedded-issuer';
export { assertLoopback, isLoopback } from './loopback';
export type { EmbeddedIssuerOptions } from './parts';
export type { FirstSignIn } from './accounts/seed';
