import type { Clock } from '@millrace/kernel';
import type { Effect, EffectError, Outcome, Plan } from '@millrace/language';
import type { Approvals } from '../approvals/approvals';
import type { Waiting } from '../waiting/waiting';
import type { Effects } from './effects';
import type { Progress } from './keeping/progress';
import type { RunStore } from './keeping/run-store';
import type { Mail, Release } from './keeping/release';

export interface UnderwayParts {
  readonly release: Release;
  readonly effects: Effects;
  readonly waiting: Waiting;
  readonly approvals: Approvals;
  readonly store: RunStore;
  readonly clock: Clock;
}

/** Where the outcomes of a run's effects go. */
export interface Inbox {
  readonly mail: Mail;
  /** False: nobody waits for it. */
  offer(this: void, outcome: Outcome): boolean;
  /** An effect could not be performed for a reason that is not the run's. */
  fault(this: void, error: unknown): void;
}

/** The effects of one run that this process performs, and those that it has made known to whoever answers them. */
export class Underway {
  private readonly under = new Map<string, AbortController>();

  constructor(
    private readonly parts: UnderwayParts,
    private readonly plan: Plan,
    private readonly progress: Progress,
    private readonly inbox: Inbox,
  ) {}

  /** Sets effects going, each after what the release rule says. Resolves when they are under way; rejects as the stores do. */
  async begin(all: readonly Effect[]): Promise<void> {
    const { release, effects } = this.parts;
    const answered = all.filter((effect) => effects.isAnswered(this.progress, effect));
    for (const effect of answered) this.perform(effect);
    const asked = all.filter((effect) => !answered.includes(effect));
    const inside = asked.filter((effect) => !effect.parks && !effects.leaves(effect));
    // The next item of a stream may be long in coming: what is decided is not held back for it.
    if (inside.some(({ kind }) => kind === 'chunk')) await release.decided(this.progress, this.inbox.mail);
    for (const effect of inside) this.perform(effect);
    const parking = asked.filter(({ parks }) => parks);
    if (parking.length > 0) await release.beforeWaiting(this.progress, this.inbox.mail);
    this.progress.fixWaits();
    const outside = asked.filter((effect) => !effect.parks && effects.leaves(effect));
    // Whoever finds the run after a crash has to know that it may have been done.
    if (outside.some(isDoneOnce)) await release.checkpoint(this.progress, this.inbox.mail);
    if (outside.length > 0) await release.beforeOutside(this.progress, this.inbox.mail);
    for (const effect of outside) this.perform(effect);
    for (const effect of parking) await this.register(effect);
  }

  /**
   * As `begin`, for what another process had begun when it was gone: what may have been done already and is not to be done twice is not begun,
   * its outcome is unknown.
   */
  async beginAgain(all: readonly Effect[]): Promise<void> {
    const { effects, clock } = this.parts;
    const lost = all.filter((effect) => isDoneOnce(effect) && !effects.isAnswered(this.progress, effect));
    for (const { id } of lost) this.inbox.offer({ effect: id, at: clock.now(), error: OUTCOME_UNKNOWN });
    await this.begin(all.filter((effect) => !lost.includes(effect)));
  }

  /** Gives up an effect; answers it if others have to be told so. */
  drop(id: string): readonly Effect[] {
    this.under.get(id)?.abort();
    const effect = this.progress.drops(id)?.effect;
    if (effect?.kind === 'wait') this.progress.endedWithout([id]);
    return effect?.parks === true ? [effect] : [];
  }

  /** The run is over: as `drop`, for all that is left. */
  dropAll(): readonly Effect[] {
    this.parts.effects.letGoOf(this.progress.run);
    return [...this.progress.outstanding.keys()].flatMap((id) => this.drop(id));
  }

  /** Tells others that nobody waits for these any more, nor for the waits that are over; not when another process has the run. */
  async withdraw(effects: readonly Effect[]): Promise<void> {
    const { progress, parts } = this;
    const { run, revision } = progress;
    if (effects.length === 0 && progress.overWaits.length === 0) return;
    await parts.store.guard(run, revision);
    for (const { id, kind } of effects) if (kind === 'approve') await parts.approvals.withdraw(run, id);
    for (const wait of progress.overWaits) await parts.waiting.forget(run, wait);
    progress.overWaits = [];
  }

  /** Ends what goes on in this process. */
  abort(): void {
    for (const controller of this.under.values()) controller.abort();
  }

  private perform(effect: Effect): void {
    const controller = new AbortController();
    this.under.set(effect.id, controller);
    this.parts.effects
      .perform(this.plan, this.progress, effect, controller.signal)
      .then(
        (result) => this.inbox.offer({ effect: effect.id, at: effect.kind === 'yield' ? 0 : this.parts.clock.now(), ...result }),
        (error: unknown) => this.inbox.fault(error),
      )
      .finally(() => this.under.delete(effect.id));
  }

  private async register(effect: Effect): Promise<void> {
    const { waiting, approvals, effects, clock } = this.parts;
    if (effect.kind === 'wait') {
      const outcome = await waiting.register(this.plan, { run: this.progress.run, ...this.progress.sinceFor(effect.id) }, effect);
      if (outcome !== undefined && this.inbox.offer(outcome)) this.progress.endedWithout([effect.id]);
    } else if (effect.kind === 'approve') {
      const answer = await approvals.ask(this.progress.run, effect);
      if (answer !== undefined) this.inbox.offer({ effect: effect.id, at: clock.now(), value: { ...answer } });
    } else if (effect.kind !== 'sleep') {
      const result = await effects.perform(this.plan, this.progress, effect, new AbortController().signal);
      this.inbox.offer({ effect: effect.id, at: clock.now(), ...result });
    }
  }
}

/** Whether its author would rather not know what came of it than have it done twice (`retry.lost: fail`). */
function isDoneOnce({ retry, parks }: Effect): boolean {
  return retry?.lost === 'fail' && !parks;
}

const OUTCOME_UNKNOWN: EffectError = {
  code: 'runtime.outcome_unknown',
  refusal: 'unavailable',
  message: 'Its process went away before an answer came. It may have been done, and is not done again: `retry.lost` is `fail`.',
};
