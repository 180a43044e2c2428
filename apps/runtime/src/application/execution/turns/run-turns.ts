import type { Clock, JsonMap } from '@millrace/kernel';
import { start, step, type Outcome, type Plan, type Signal, type Turn } from '@millrace/language';
import type { Turns } from '../../ports/turn';
import type { Authorization } from '../../starting/authorization';
import { endedBy, tooBusy } from '../early-ends';
import { beginOf } from './begin-of';
import type { Progress } from '../keeping/progress';
import type { RunSecrets } from './run-secrets';

export interface RunTurnsParts {
  readonly secrets: RunSecrets;
  readonly authorization: Pick<Authorization, 'refusalOf'>;
  /** Read-only keys of contexts, such as where the API is. */
  readonly prefilled: Readonly<Record<string, JsonMap>>;
  readonly turns: Pick<Turns, 'timed'>;
  readonly clock: Clock;
}

/** The turns of one run, with the secrets as they are at each. One that takes more CPU than it may ends the run, and nothing else comes of it. */
export class RunTurns {
  constructor(
    private readonly parts: RunTurnsParts,
    private readonly plan: Plan,
    private readonly progress: Progress,
  ) {}

  /** The last one when whoever is behind the run may not have its automation run. */
  async first(locals: JsonMap): Promise<Turn> {
    const { run } = this.progress;
    const refused = await this.parts.authorization.refusalOf(this.plan, run);
    if (refused !== undefined) return { state: null, effects: [], dropped: [], ended: refused };
    await this.learn();
    const { secrets } = this.progress;
    const { value, signal } = this.timed(() => start(this.plan, beginOf(run, locals, this.parts.prefilled), secrets));
    return signal === undefined ? value : { state: null, effects: [], dropped: [], ended: endedBy(signal) };
  }

  async next(outcomes: readonly (Outcome | Signal)[]): Promise<Turn> {
    await this.learn();
    const { state, secrets } = this.progress;
    const { value, signal } = this.timed(() => step(this.plan, state, outcomes, secrets));
    return signal === undefined ? value : step(this.plan, state, [signal], secrets);
  }

  private timed(turn: () => Turn): { readonly value: Turn; readonly signal?: Signal } {
    const { turns, clock } = this.parts;
    const { turnCpu } = this.plan.limits;
    const { value, cpu } = turns.timed(turn);
    return cpu > turnCpu ? { value, signal: tooBusy(clock.now(), turnCpu) } : { value };
  }

  private async learn(): Promise<void> {
    if (this.plan.secrets.size > 0) this.progress.secrets = await this.parts.secrets.of(this.plan, this.progress.run);
  }
}
