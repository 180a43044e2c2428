import type { CredentialKind } from '@millrace/auth';

/** A credential that was just made. The text is told once and kept nowhere. */
export interface Minted {
  readonly text: string;
  readonly digest: string;
}

/** Makes credentials nobody can guess. */
export abstract class CredentialMint {
  /** A new text for the key or token of this id: another one each time. */
  abstract mint(kind: CredentialKind, id: string): Minted;
}
