import { hostname } from 'node:os';
import type { Bucket } from '@millrace/messaging';
import type { Platform, ServiceParts } from '../platform';
import { versionAt } from './version';

const BUCKET = 'services';
/** Milliseconds from one word to the next, and those for which a word counts. */
const [BEAT, LIFE] = [5_000, 15_000];

/** What is told of each service that runs. */
type Present = Pick<ServiceParts, 'name' | 'health' | 'log'>;

/** A service and the key of its instance. */
interface Told extends Present {
  readonly id: string;
  /** Whether the last word of it is out. */
  isOut: boolean;
}

/**
 * Tells operators of the services of this process: in the bucket `services`, under `<service>.<instance>`, as JSON, anew every five seconds
 * and gone fifteen after the last word. A service works all the same when nobody can be told of it.
 */
export class Presence {
  private readonly known: { readonly host: string; readonly version: string; readonly startedAt: number };
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void>;
  /** The first word of each is out, or failed. */
  readonly begun: Promise<void>;
  private hasEnded = false;

  private constructor(
    private readonly bucket: () => Promise<Bucket>,
    private readonly services: readonly Told[],
    startedAt: number,
  ) {
    this.known = { host: hostname(), version: versionAt(import.meta.dirname), startedAt };
    this.telling = this.begun = this.goOn();
  }

  /** From now on they are told of. */
  static begin(services: readonly Present[], { clock, ids, keyValue }: Pick<Platform, 'clock' | 'ids' | 'keyValue'>): Presence {
    const told = services.map(({ name, health, log }) => ({ name, health, log, id: ids.mint('ins'), isOut: true }));
    return new Presence(() => keyValue.bucket(BUCKET, { ttl: LIFE }), told, clock.now());
  }

  /** They are gone, and no word of them is left, unless nobody can be told. */
  async end(): Promise<void> {
    this.hasEnded = true;
    clearTimeout(this.timer);
    await this.telling;
    // Where no word comes through, this would be waited for in vain; what is there ends by itself.
    const out = this.services.filter(({ isOut }) => isOut);
    await this.each(out, async (bucket, { name, id }) => bucket.delete(`${name}.${id}`));
  }

  private async goOn(): Promise<void> {
    await this.tell();
    if (this.hasEnded) return;
    this.timer = setTimeout(() => {
      this.telling = this.goOn();
    }, BEAT).unref();
  }

  private tell(): Promise<void> {
    return this.each(this.services, async (bucket, { name, id, health }) => {
      const { ready, dependencies } = await health.report();
      const told = { id, service: name, ...this.known, ready, dependencies };
      await bucket.put(`${name}.${id}`, new TextEncoder().encode(JSON.stringify(told)), { ttl: LIFE });
    });
  }

  /** Says once that it cannot be done, however often it is tried. */
  private async each(services: readonly Told[], act: (bucket: Bucket, service: Told) => Promise<void>): Promise<void> {
    const acting = services.map(async (service) => {
      const wasOut = service.isOut;
      try {
        await act(await this.bucket(), service);
        service.isOut = true;
      } catch (error) {
        service.isOut = false;
        if (wasOut) service.log.warn('Operators cannot be told of this service.', { error });
      }
    });
    await Promise.all(acting);
  }
}
