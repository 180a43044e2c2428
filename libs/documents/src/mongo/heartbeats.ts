import type { mongo } from 'mongoose';
import { documentsUnavailable } from '../refusals';
import { within } from './bounded';

/**
 * Watches that each check of a server by the driver ends, and begins anew when one does not. A check that writes to a connection which is
 * closed, and has not said so yet, waits for ever in the driver (mongodb 7.8.0, `Connection.writeCommand` waits for a `drain` that never
 * comes): nobody looks for that server any more.
 */
export class Heartbeats {
  private readonly due = new Map<string, NodeJS.Timeout>();
  private stuck = false;
  private renewing: Promise<void> | undefined;

  /** `longest`: milliseconds in which a check has ended, well or not, besides what the server may hold back its answer. */
  constructor(
    private readonly client: mongo.MongoClient,
    private readonly longest: number,
  ) {
    client.on('serverHeartbeatStarted', ({ connectionId, awaited }) => this.started(connectionId, awaited));
    client.on('serverHeartbeatSucceeded', ({ connectionId }) => this.ended(connectionId));
    client.on('serverHeartbeatFailed', ({ connectionId }) => this.ended(connectionId));
    client.on('serverClosed', ({ address }) => this.ended(address));
  }

  /** Connects anew when a check is overdue. Fails as connecting does, and tries again when it is next called. */
  async renewed(): Promise<void> {
    if (!this.stuck) return;
    this.renewing ??= this.renew().finally(() => (this.renewing = undefined));
    await this.renewing;
  }

  /** Something that was asked has no end: what it was asked on is given up before anything else is asked. */
  doubt(): void {
    this.stuck = true;
  }

  private async renew(): Promise<void> {
    const late = (): Error => documentsUnavailable('no answer');
    await within(this.longest, this.client.close(), late);
    await within(this.longest, this.client.connect(), late);
    this.stuck = false;
  }

  private started(address: string, awaited: boolean): void {
    this.ended(address);
    const held = awaited ? this.client.options.heartbeatFrequencyMS : 0;
    this.due.set(address, setTimeout(() => (this.stuck = true), this.longest + held).unref());
  }

  private ended(address: string): void {
    clearTimeout(this.due.get(address));
    this.due.delete(address);
  }
}
