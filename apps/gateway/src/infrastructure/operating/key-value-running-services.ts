import type { Entry, KeyValue } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { z } from 'zod';
import { RunningServices, type RunningService } from '../../application/ports/running-services';

const BUCKET = 'services';

const announced = z.object({
  ...{ id: z.string(), service: z.string(), host: z.string(), version: z.string(), ready: z.boolean(), startedAt: z.number() },
  dependencies: z.array(
    z.object({ name: z.string(), ok: z.boolean(), essential: z.boolean().default(true), reason: z.string().optional() }),
  ),
});

/** Services as the bucket `services` tells of them: under `<service>.<instance>`, JSON, gone when they say no more. */
export class KeyValueRunningServices extends RunningServices {
  constructor(
    private readonly keyValue: KeyValue,
    private readonly log: Log,
  ) {
    super();
  }

  override async all(): Promise<readonly RunningService[]> {
    const bucket = await this.keyValue.bucket(BUCKET);
    return (await bucket.list('')).flatMap((entry) => this.read(entry) ?? []);
  }

  private read({ key, value }: Entry): RunningService | undefined {
    try {
      const told = announced.parse(JSON.parse(new TextDecoder().decode(value)));
      // Who may write which key is held by the store; what a service says of itself is not.
      if (key === `${told.service}.${told.id}`) return told;
    } catch {
      // Told below: it cannot be shown either way.
    }
    this.log.warn('A service tells of itself in a form nobody can read.', { key });
    return undefined;
  }
}
