import type { Claim } from '../../domain/verification';

/** Checks signatures made with a shared secret. */
export abstract class Signatures {
  /** Whether one of the claimed signatures is the content's under this key. Takes as long for a wrong one as for the right one. */
  abstract hold(claim: Claim, key: Uint8Array): boolean;
}
