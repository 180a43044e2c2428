import { createHmac, timingSafeEqual } from 'node:crypto';
import { Signatures } from '../application/ports/signatures';
import type { Claim } from '../domain/verification';

/** The HMACs of node. */
export class NodeSignatures extends Signatures {
  override hold({ hash, content, signatures }: Claim, key: Uint8Array): boolean {
    const right = createHmac(hash, key).update(content).digest();
    const held = signatures.map((signature) => signature.length === right.length && timingSafeEqual(signature, right));
    return held.includes(true);
  }
}
