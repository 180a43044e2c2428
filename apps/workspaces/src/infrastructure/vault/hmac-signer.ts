import { createHmac, timingSafeEqual } from 'node:crypto';
import { Signer } from '../../application/files/ports/signer';

/** HMAC-SHA-256 as base64url. */
export class HmacSigner extends Signer {
  constructor(private readonly key: Uint8Array) {
    super();
  }

  override sign(text: string): string {
    return this.mac(text).toString('base64url');
  }

  override isSigned(text: string, signature: string): boolean {
    const [right, given] = [this.mac(text), Buffer.from(signature, 'base64url')];
    return given.length === right.length && timingSafeEqual(given, right) && signature === right.toString('base64url');
  }

  private mac(text: string): Buffer {
    return createHmac('sha256', this.key).update(text).digest();
  }
}
