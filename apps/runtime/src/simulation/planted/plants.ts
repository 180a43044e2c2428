import type { Bucket } from '@millrace/messaging';
import { WORKINGS, type Workings } from '../../application/engine';
import type { Checkpoint } from '../../domain/checkpoint';
import { runKey } from '../../domain/run';

/** A mistake that the engine could be made with, and what it would do to runs. */
export interface Plant {
  readonly name: string;
  readonly made: Workings;
}

type Of<Name extends keyof Workings> = InstanceType<Workings[Name]>;

type Released = Parameters<Of<'Release'>['decided']>;

/** What was decided is told before that is kept from which it was decided. */
class LateCheckpoints extends WORKINGS.Release {
  override async beforeOutside(...released: Released): Promise<void> {
    await this.tellTooEarly(...released);
    await super.beforeOutside(...released);
  }

  override async beforeWaiting(...released: Released): Promise<void> {
    await this.tellTooEarly(...released);
    await super.beforeWaiting(...released);
  }

  private async tellTooEarly(...[progress, mail]: Released): Promise<void> {
    const { inputs } = progress;
    progress.inputs = false;
    await super.decided(progress, mail);
    progress.inputs = inputs;
  }
}

/** Whoever writes a run last is right. */
class NoFence extends WORKINGS.RunStore {
  constructor(...parts: ConstructorParameters<Workings['RunStore']>) {
    super(...parts);
    [this.own] = parts;
  }

  private readonly own: Bucket;

  override write(checkpoint: Checkpoint): Promise<number> {
    return this.own.put(runKey(checkpoint.run), new TextEncoder().encode(JSON.stringify(checkpoint)));
  }

  override guard(): Promise<void> {
    return Promise.resolve();
  }
}

/** Each time it is told, an event is another one. */
class UnkeyedEvents extends WORKINGS.Journal {
  private told = 0;

  override emit(...asked: Parameters<Of<'Journal'>['emit']>): ReturnType<Of<'Journal'>['emit']> {
    return super.emit(...asked).map((event) => ({ ...event, id: `${event.id}-${asked[2]}-${++this.told}` }));
  }
}

/** A wait takes what comes from now on, and does not look what came before. */
class DeafToThePast extends WORKINGS.Waiting {
  override async register(...wait: Parameters<Of<'Waiting'>['register']>): Promise<undefined> {
    await super.register(...wait);
  }
}

/** A wait looks what came before; what comes later passes by. */
class DeafToTheFuture extends WORKINGS.Runs {
  override wake(): ReturnType<Of<'Runs'>['wake']> {
    return Promise.resolve(undefined);
  }
}

/** What runs wrote is not written. */
class NoFlush extends WORKINGS.Contexts {
  override flush(): Promise<void> {
    return Promise.resolve();
  }
}

/** What runs wrote over a configuration is not written. */
class NoConfigFlush extends WORKINGS.Configuration {
  override flush(): Promise<void> {
    return Promise.resolve();
  }
}

/** A flush of a configuration that is done again is another one. */
class UnmarkedConfigFlushes extends WORKINGS.Configuration {
  private flushes = 0;

  override flush(...[plan, run, flush]: Parameters<Of<'Configuration'>['flush']>): Promise<void> {
    return super.flush(plan, run, { ...flush, number: 1_000_000 + ++this.flushes });
  }
}

/** A flush that is done again is another one. */
class UnmarkedFlushes extends WORKINGS.Contexts {
  private flushes = 0;

  override flush(...[workspace, flush]: Parameters<Of<'Contexts'>['flush']>): Promise<void> {
    return super.flush(workspace, { ...flush, number: 1_000_000 + ++this.flushes });
  }
}

/** Each call of a fetch has a key of its own. */
class UnkeyedFetches extends WORKINGS.Effects {
  private static fetches = 0;

  override perform(...[plan, progress, effect, signal]: Parameters<Of<'Effects'>['perform']>): ReturnType<Of<'Effects'>['perform']> {
    const idempotencyKey = `${progress.run.id}.${effect.id}.${++UnkeyedFetches.fetches}`;
    return super.perform(plan, progress, effect.kind === 'fetch' ? { ...effect, idempotencyKey } : effect, signal);
  }
}

/** An event is done when its runs have begun. */
class HastyAcks extends WORKINGS.HandleEvent {
  override async run(...event: Parameters<Of<'HandleEvent'>['run']>): Promise<void> {
    super.run(...event).catch(() => undefined);
  }
}

/** Nobody looks whether a run has ended. */
class ForgottenEnds extends WORKINGS.FinishedRuns {
  override has(): Promise<boolean> {
    return Promise.resolve(false);
  }

  override isOnLog(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

/** Mistakes that the simulation must notice, each by itself. */
export const PLANTS: readonly Plant[] = [
  { name: 'checkpoint after effect', made: { ...WORKINGS, Release: LateCheckpoints } },
  { name: 'missing fence', made: { ...WORKINGS, RunStore: NoFence } },
  { name: 'unkeyed emit', made: { ...WORKINGS, Journal: UnkeyedEvents } },
  { name: 'lost wake-up: the log is not looked at', made: { ...WORKINGS, Waiting: DeafToThePast } },
  { name: 'lost wake-up: events pass by', made: { ...WORKINGS, Runs: DeafToTheFuture } },
  { name: 'unflushed context', made: { ...WORKINGS, Contexts: NoFlush } },
  { name: 'unmarked flush', made: { ...WORKINGS, Contexts: UnmarkedFlushes } },
  { name: 'unflushed configuration', made: { ...WORKINGS, Configuration: NoConfigFlush } },
  { name: 'unmarked flush of a configuration', made: { ...WORKINGS, Configuration: UnmarkedConfigFlushes } },
  { name: 'retry with a new key', made: { ...WORKINGS, Effects: UnkeyedFetches } },
  { name: 'ack before the runs are safe', made: { ...WORKINGS, HandleEvent: HastyAcks } },
  { name: 'runs that ended begin again', made: { ...WORKINGS, FinishedRuns: ForgottenEnds } },
];
