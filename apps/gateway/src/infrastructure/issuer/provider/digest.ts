import { hash } from 'node:crypto';

/** What stands for a secret in the store, and fits a key of it. */
export function digest(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
