import type { Alarms, Clock } from '@millrace/kernel';
import type { Log } from '@millrace/observability';
import type { Ledger, Use } from '../../../domain/policies/ledger';
import type { GatewayNews, GatewayReport } from '../../ports/gateway-news';

export interface SharedUseParts {
  readonly ledger: Ledger;
  readonly news: GatewayNews;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly log: Log;
}

/** Milliseconds of a tick. */
const TICK = 250;
/** Ticks that a report tells of: who misses one hears of it in the next. */
const TOLD = 4;
/** Milliseconds after which a gateway with nothing to tell says that it is there. */
const BEAT = 3_000;
/** Milliseconds for which no word gets through until every gateway keeps to an equal share. */
const PATIENCE = 1_000;

/** Carries between the gateways what each of them admits, four times a second while there are several; one alone only says that it is there. */
export class SharedUse {
  private readonly heard = new Map<string, number>();
  private readonly ticks: Use[] = [];
  private newest = 0;
  private toldAt = -Infinity;
  /** Since when no word got through. */
  private silentSince: number | undefined;
  private isTelling = false;
  private isCutOff = false;
  private cancel: (() => void) | undefined;

  constructor(private readonly parts: SharedUseParts) {}

  /** How many gateways there are, this one among them, so far as was last known. */
  get members(): number {
    return this.heard.size + 1;
  }

  /** Resolves when this gateway has said that it is there and heard the others, or cannot for now. */
  async start(): Promise<void> {
    const { news, log } = this.parts;
    try {
      await news.listen((gateway, report) => this.hear(gateway, report));
      await this.tell(this.report());
    } catch (error) {
      log.warn('The limits of this gateway are not shared with others for now.', { error });
    }
    this.next();
  }

  async stop(): Promise<void> {
    this.cancel?.();
    await this.parts.news.close();
  }

  private next(): void {
    this.cancel = this.parts.alarms.set(this.parts.clock.now() + TICK, () => {
      this.tick();
      this.next();
    });
  }

  private tick(): void {
    const now = this.parts.clock.now();
    this.judge(now);
    if (this.isTelling) return;
    const use = this.parts.ledger.close(now);
    this.ticks.push(use);
    if (this.ticks.length > TOLD) this.ticks.shift();
    this.newest += 1;
    const isQuiet = this.ticks.every(({ keys }) => Object.keys(keys).length === 0);
    if (isQuiet && Math.abs(now - this.toldAt) < BEAT - TICK) return;
    void this.tell(this.report());
  }

  private report(): GatewayReport {
    return { newest: this.newest, ticks: [...this.ticks] };
  }

  private async tell(report: GatewayReport): Promise<void> {
    this.isTelling = true;
    this.silentSince ??= this.parts.clock.now();
    try {
      await this.parts.news.tell(report);
      this.toldAt = this.parts.clock.now();
      this.silentSince = undefined;
      this.judge(this.toldAt);
    } catch (error) {
      this.parts.log.debug('The other gateways could not be told what was admitted.', { error });
    } finally {
      this.isTelling = false;
    }
  }

  private judge(now: number): void {
    const isCutOff = this.silentSince !== undefined && now - this.silentSince > PATIENCE;
    if (isCutOff === this.isCutOff) return;
    this.isCutOff = isCutOff;
    this.parts.ledger.setCutOff(isCutOff, now);
    const { members } = this;
    if (isCutOff) this.parts.log.warn('The gateways do not hear each other: each keeps to its part of the limits.', { gateways: members });
    else this.parts.log.info('The gateways hear each other again.', { gateways: members });
  }

  private hear(gateway: string, report: GatewayReport | undefined): void {
    const { ledger, clock } = this.parts;
    const now = clock.now();
    if (report === undefined) {
      this.heard.delete(gateway);
    } else {
      const known = this.heard.get(gateway) ?? report.newest;
      const unheard = Math.min(report.newest - known, report.ticks.length);
      for (const use of unheard > 0 ? report.ticks.slice(-unheard) : []) ledger.hear(use, now);
      this.heard.set(gateway, report.newest);
    }
    ledger.setMembers(this.members, now);
  }
}
