import type { Bucket, Change, Watch } from '@millrace/messaging';
import { minutePrefix, prefixesOf } from '../../domain/timers/timer-key';
import type { HeldTimers } from './held-timers';

/** Where the bucket says up to which minute, that one included, no entry is left. */
const SWEPT = 'swept';

/**
 * The minutes whose entries are held as they come and go: the last, the current and the next. What lies before them is listed once when
 * they move on; how far it has been seen to is kept, so that after downtime only what came since is looked through.
 */
export class OpenMinutes {
  private readonly watches = new Map<number, Watch>();
  /** Every minute up to this one has been listed, or is watched. */
  private opened = -1;
  private noted: number | undefined;

  constructor(
    private readonly bucket: Bucket,
    private readonly held: HeldTimers,
  ) {}

  /** The first minute that an entry may still be put into and be seen here. */
  get first(): number {
    return Math.max(0, this.opened - 2);
  }

  /** Begins at `current`, with all that the sweeps before have left. */
  async open(current: number): Promise<void> {
    const entry = await this.bucket.get(SWEPT);
    this.noted = entry === undefined ? undefined : Number(new TextDecoder().decode(entry.value));
    this.opened = Math.min(this.noted ?? -1, current - 2);
    await this.moveTo(current);
  }

  /** Opens and closes what `current` asks for. After a failure, to be called again. */
  async moveTo(current: number): Promise<void> {
    const closing = current - 2;
    if (this.opened < closing) await this.listTo(closing);
    while (this.opened < current + 1) await this.watchNext();
    for (const [minute, watch] of this.watches) if (minute <= closing) await this.closeMinute(minute, watch);
    await this.note(Math.min(closing, this.held.firstMinute() - 1));
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.watches.values(), (watch) => watch.stop()));
    this.watches.clear();
  }

  private async listTo(minute: number): Promise<void> {
    for (const prefix of prefixesOf(this.opened + 1, minute)) await this.holdAll(prefix);
    this.opened = minute;
  }

  private async watchNext(): Promise<void> {
    const minute = this.opened + 1;
    this.watches.set(minute, await this.bucket.watch(minutePrefix(minute), (change) => this.follow(change)));
    this.opened = minute;
  }

  /** A last look, so that nothing depends on how fast changes are told. */
  private async closeMinute(minute: number, watch: Watch): Promise<void> {
    await this.holdAll(minutePrefix(minute));
    await watch.stop();
    this.watches.delete(minute);
  }

  private async holdAll(prefix: string): Promise<void> {
    for (const { key, revision } of await this.bucket.list(prefix)) this.held.hold(key, revision);
  }

  private follow({ key, value, revision }: Change): void {
    if (value === undefined) this.held.drop(key, revision);
    else this.held.hold(key, revision);
  }

  private async note(swept: number): Promise<void> {
    if (swept === this.noted) return;
    await this.bucket.put(SWEPT, new TextEncoder().encode(String(swept)));
    this.noted = swept;
  }
}
