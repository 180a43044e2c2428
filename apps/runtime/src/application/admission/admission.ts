import type { Alarms, Clock } from '@millrace/kernel';
import { Places } from '../../domain/admission/places';
import { Ticket, type Priority } from '../../domain/admission/share';
import type { SlotPolicy } from './slot-line';
import type { Gate, Slots } from './slots';

/** A run that wants to be taken on. */
export interface Applicant {
  readonly run: string;
  readonly workspaceId: string;
  readonly slug: string;
  readonly priority: Priority;
  readonly concurrency?: {
    readonly limit: number;
    /** Evaluated; empty when there is none. */
    readonly key: string;
    readonly policy: SlotPolicy;
  };
  /** It goes on after a wait: no rate delays it, and it is never turned away. */
  readonly resumed?: boolean;
  /** Aborted: it does not wait any more. */
  readonly signal: AbortSignal;
}

/**
 * `release` frees the instance's place: to be called when the run has ended or parked; again has no effect. The slot of its concurrency
 * stays until `Slots.free`. `rejected` is to be told as `runtime.busy`.
 */
export type Admitted =
  { readonly kind: 'admitted'; readonly release: () => void } | { readonly kind: 'skipped' } | { readonly kind: 'rejected' };

export interface AdmissionParts {
  readonly slots: Slots;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly limits: {
    /** Runs at once on this instance. */
    readonly perInstance: number;
    /** Starts of one workspace: on average, and at once after a rest. */
    readonly runsPerSecond: number;
    readonly burst: number;
  };
}

/** Decides when a run may be taken on: the concurrency of its automation first, then a place on this instance. */
export class Admission {
  private readonly places: Places;
  private readonly callers = new Map<Ticket, () => void>();
  private alarmAt = Infinity;
  private stopAlarm = (): void => undefined;

  constructor(private readonly parts: AdmissionParts) {
    const { perInstance, runsPerSecond, burst } = parts.limits;
    this.places = new Places({ most: perInstance, rate: { perSecond: runsPerSecond, burst } });
  }

  /** How many wait here, for a slot or a place. */
  get waiting(): number {
    return this.places.waiting + this.parts.slots.waiting;
  }

  get running(): number {
    return this.places.running;
  }

  /** Resolves when the run may be taken on, or when it is turned away. Rejects with the signal's reason, or as the bucket of slots does. */
  enter(applicant: Applicant): Promise<Admitted> {
    return applicant.concurrency === undefined ? this.place(applicant) : this.slotAndPlace(applicant, applicant.concurrency);
  }

  /** In this order, so that nobody keeps a place while waiting for a slot. */
  private async slotAndPlace(applicant: Applicant, concurrency: NonNullable<Applicant['concurrency']>): Promise<Admitted> {
    const { run, workspaceId, slug, signal, resumed = false } = applicant;
    const { slots } = this.parts;
    const gate: Gate = { workspaceId, slug, key: concurrency.key };
    const { limit } = concurrency;
    const slot = await slots.take(gate, { run, limit, policy: resumed ? 'queue' : concurrency.policy, signal });
    if (slot === 'skipped' || slot === 'rejected') return { kind: slot };
    try {
      return await this.place(applicant, () => slots.rest(run));
    } catch (error) {
      if (slot === 'taken') await slots.free(gate, run);
      else slots.rest(run);
      throw error;
    }
  }

  private place({ workspaceId, priority, resumed = false, signal }: Applicant, onRelease?: () => void): Promise<Admitted> {
    const now = this.parts.clock.now();
    const ticket = new Ticket(workspaceId, priority, resumed, now);
    if (!signal.aborted && this.places.enter(ticket, now)) return Promise.resolve(this.admitted(workspaceId, onRelease));
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.places.leave(ticket);
        this.callers.delete(ticket);
        reject(signal.reason as Error);
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      this.callers.set(ticket, () => {
        signal.removeEventListener('abort', leave);
        resolve(this.admitted(workspaceId, onRelease));
      });
      this.fill();
    });
  }

  private admitted(workspaceId: string, onRelease?: () => void): Admitted {
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      onRelease?.();
      this.places.release(workspaceId);
      if (this.places.waiting > 0) this.fill();
    };
    return { kind: 'admitted', release };
  }

  /** Gives free places to those whose turn it is, and comes back when the next one's is. */
  private fill(): void {
    const now = this.parts.clock.now();
    for (let ticket = this.places.next(now); ticket !== undefined; ticket = this.places.next(now)) {
      this.callers.get(ticket)?.();
      this.callers.delete(ticket);
    }
    this.arm();
  }

  private arm(): void {
    const { nextAt } = this.places;
    if (nextAt === this.alarmAt) return;
    this.stopAlarm();
    this.alarmAt = nextAt;
    if (nextAt === Infinity) return;
    this.stopAlarm = this.parts.alarms.set(nextAt, () => {
      this.alarmAt = Infinity;
      this.fill();
    });
  }
}
