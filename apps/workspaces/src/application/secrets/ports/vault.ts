import type { SecretPlace } from '../../../domain/secrets/secret';

/** Seals the values of secrets. What is sealed for one place opens at no other. */
export abstract class Vault {
  abstract seal(place: SecretPlace, value: string): Promise<string>;
  /** Fails with `workspaces.secret_unreadable` for what was sealed for another place, by another master key, or was changed. */
  abstract open(place: SecretPlace, sealed: string): Promise<string>;
}
