import type { Bucket, Change, KeyValue, Watch } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { GatewayNews, type GatewayReport } from '../../application/ports/gateway-news';
import { LIMITS_BUCKET } from './key-value-rate-store';

const PREFIX = 'gateway.';
/** Milliseconds a report counts: a gateway that is alive tells again long before. */
const LIFE = 10_000;

/** What gateways tell each other, in the bucket `limits` under `gateway.<name>`: JSON, gone with their beat. */
export class KeyValueGatewayNews extends GatewayNews {
  private watch: Watch | undefined;

  private constructor(
    private readonly bucket: Bucket,
    private readonly name: string,
    private readonly log: Log,
  ) {
    super();
  }

  /** `name`: of this gateway, as no other is called. */
  static async open(keyValue: KeyValue, name: string, log: Log): Promise<KeyValueGatewayNews> {
    return new KeyValueGatewayNews(await keyValue.bucket(LIMITS_BUCKET), name, log);
  }

  override async tell(report: GatewayReport): Promise<void> {
    await this.bucket.put(`${PREFIX}${this.name}`, new TextEncoder().encode(JSON.stringify(report)), { ttl: LIFE });
  }

  override async listen(hear: (gateway: string, report: GatewayReport | undefined) => void): Promise<void> {
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    this.watch = await this.bucket.watch(PREFIX, (change) => this.pass(change, hear), resolve);
    await ready;
  }

  override async close(): Promise<void> {
    await this.watch?.stop();
    await this.bucket.delete(`${PREFIX}${this.name}`).catch((error: unknown) => {
      this.log.debug('The other gateways were not told that this one is gone; they will see.', { error });
    });
  }

  private pass({ key, value }: Change, hear: (gateway: string, report: GatewayReport | undefined) => void): void {
    const gateway = key.slice(PREFIX.length);
    if (gateway === this.name) return;
    hear(gateway, value === undefined ? undefined : this.read(gateway, value));
  }

  /** A report that cannot be read still says that somebody is there. */
  private read(gateway: string, value: Uint8Array): GatewayReport {
    try {
      const report = JSON.parse(new TextDecoder().decode(value)) as GatewayReport;
      if (
        Number.isInteger(report.newest) &&
        report.ticks.every(({ lasted, keys }) => typeof lasted === 'number' && typeof keys === 'object')
      )
        return report;
    } catch {
      // Told below.
    }
    this.log.warn('A gateway told of its limits in a form nobody can read.', { gateway });
    return { newest: 0, ticks: [] };
  }
}
