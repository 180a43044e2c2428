import { Documents } from '@millrace/documents';
import type { Need } from './platform';

/** The documents of a service that named none among its needs: nothing was opened for it. */
export class NoDocuments extends Documents {
  constructor(private readonly service: string) {
    super();
  }

  override get outbox(): never {
    throw notNeeded('documents', this.service);
  }

  override async collection(): Promise<never> {
    throw notNeeded('documents', this.service);
  }

  override async close(): Promise<void> {
    // Nothing was opened.
  }
}

/** A mistake in the wiring of a service. */
export function notNeeded(need: Need, service: string): Error {
  return new Error(`"${service}" uses "${need}" of the platform and does not name it in \`needs\` of its definition.`);
}
