import type { JsonMap } from '@millrace/kernel';
import { start, step, type Outcome, type Plan, type Signal, type Turn } from '@millrace/language';
import type { Authorization } from '../../starting/authorization';
import { beginOf } from './begin-of';
import type { Progress } from '../keeping/progress';
import type { RunSecrets } from './run-secrets';

export interface RunTurnsParts {
  readonly secrets: RunSecrets;
  readonly authorization: Pick<Authorization, 'refusalOf'>;
  /** Read-only keys of contexts, such as where the API is. */
  readonly prefilled: Readonly<Record<string, JsonMap>>;
}

/** The turns of one run, with the secrets as they are at each. */
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
    return start(this.plan, beginOf(run, locals, this.parts.prefilled), secrets);
  }

  async next(outcomes: readonly (Outcome | Signal)[]): Promise<Turn> {
    await this.learn();
    return step(this.plan, this.progress.state, outcomes, this.progress.secrets);
  }

  private async learn(): Promise<void> {
    if (this.plan.secrets.size > 0) this.progress.secrets = await this.parts.secrets.of(this.plan, this.progress.run);
  }
}
