import type { Alarms, Clock, Principal } from '@millrace/kernel';
import type { Run } from '../../../domain/run';
import type { Preference } from '../../../domain/preference';
import type { Answer, Answers } from '../../execution/answers';
import type { Driver } from '../../execution/driver';

export interface CallerParts {
  readonly answers: Answers;
  readonly clock: Clock;
  readonly alarms: Alarms;
}

/** Holds callers until the run they called has its answer, or lets them go with the promise of one. */
export class Callers {
  constructor(private readonly parts: CallerParts) {}

  /**
   * The answer, if it comes while the call is held; undefined: it is promised under the run's result token. Without a driver the run is
   * elsewhere. A caller whose answer has `begun` is held until its end. Rejects when the run was lost before anything of it was kept.
   */
  async hold(
    driver: Driver | undefined,
    run: Run,
    principal: Principal,
    { async, wait }: Preference,
    begun?: Promise<void>,
  ): Promise<Answer | undefined> {
    const { alarms, clock } = this.parts;
    const over = new AbortController();
    const stop = alarms.set(clock.now() + (async ? 0 : wait), () => over.abort());
    void begun?.then(stop);
    try {
      const early = async ? undefined : await Promise.race([driver?.answer, aborted(over.signal)]);
      return early ?? (await this.promise(driver, run, principal)) ?? (async ? undefined : await this.later(run, over.signal));
    } finally {
      stop();
    }
  }

  /** Makes sure that the answer will be there for whoever comes back; answers it if the run has ended meanwhile. */
  private async promise(driver: Driver | undefined, run: Run, principal: Principal): Promise<Answer | undefined> {
    const known = principal.kind === 'anonymous' ? undefined : `${principal.kind}:${principal.id}`;
    await this.parts.answers.promise(run, known);
    await driver?.keep();
    const own = driver?.isResting === true ? await driver.answer : undefined;
    if (own !== undefined || (driver !== undefined && run.keyed !== true)) return own;
    // Another process may have ended it before there was anybody to give the answer to.
    return (await this.parts.answers.find(run.id))?.answer;
  }

  private later({ resultToken }: Run, over: AbortSignal): Promise<Answer | undefined> {
    return resultToken === undefined ? Promise.resolve(undefined) : this.parts.answers.awaited(resultToken, over);
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
