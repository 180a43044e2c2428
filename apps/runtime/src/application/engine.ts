import type { Blobs } from '@millrace/blobs';
import type { Alarms, Clock, Ids } from '@millrace/kernel';
import type { Limits } from '@millrace/language';
import type { EventLog, KeyValue } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import type { Rate } from '../domain/admission/allowance';
import { runOfKey } from '../domain/run';
import { Admission, type AdmissionParts } from './admission/admission';
import { Gatherings } from './admission/gatherings';
import { Pace } from './admission/pace';
import { Slots } from './admission/slots';
import { Approvals } from './approvals/approvals';
import { Configuration } from './contexts/configuration';
import { Contexts } from './contexts/contexts';
import { DeclaredConfigs, type ConfigEnvironment } from './contexts/declared-configs';
import { ParkedRuns } from './contexts/parked-runs';
import { RateLimits } from './contexts/rate-limits';
import { Egress } from './egress';
import { Answers } from './execution/answers';
import { Journal } from './execution/journal';
import { LEASE, Release } from './execution/keeping/release';
import { Retries } from './execution/keeping/retries';
import { ReplayedEffects } from './execution/replayed-effects';
import { RunSecrets } from './execution/turns/run-secrets';
import { RunStore } from './execution/keeping/run-store';
import { Runs } from './execution/runs';
import { LimitNews } from './limit-news';
import { Models } from './models';
import type { Configurations } from './ports/configurations';
import type { Fetcher } from './ports/fetcher';
import type { LiveChannel } from './ports/live-channel';
import type { ActiveVersions, ModelSource } from './ports/models';
import type { Modules } from './ports/modules';
import type { Secrets } from './ports/secrets';
import type { Topics } from './ports/topics';
import type { Turns } from './ports/turn';
import type { Activations } from './schedules/ports/activations';
import { ScheduleControl } from './schedules/schedule-control';
import { Schedules } from './schedules/schedules';
import { Authorization, type AuthorizationParts } from './starting/authorization';
import { Callers } from './starting/endpoints/callers';
import { FinishedRuns } from './starting/finished-runs';
import { GatheredStarts } from './starting/gathered-starts';
import { HandleEvent } from './starting/handle-event';
import { Timers } from './timers/timers';
import { WaitIndex } from './waiting/wait-index';
import { Waiting } from './waiting/waiting';

/** What the engine stands on. */
export interface EnginePorts {
  readonly eventLog: EventLog;
  readonly live: LiveChannel;
  readonly keyValue: KeyValue;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly ids: Ids;
  readonly log: Log;
  readonly active: ActiveVersions & Activations;
  readonly source: ModelSource;
  readonly fetcher: Fetcher;
  readonly modules: Modules;
  readonly secrets: Secrets;
  readonly configurations: Configurations;
  readonly topics: Topics;
  readonly rights: AuthorizationParts['rights'];
  readonly turns: Turns;
}

export interface EngineSettings {
  /** Bytes of memory that compiled versions may take up. */
  readonly plans: number;
  /** Milliseconds a run may be in hand, waiting aside. */
  readonly longestActive: number;
  /** Where the API is. */
  readonly apiUrl: string;
  /** Whether `runtime.automations.executed` is told of every recorded run, and not only where an automation may wait for it. */
  readonly tellsExecutions?: boolean;
  /** What a run may use up at most; where nothing is said, what the language allows. */
  readonly runLimits?: Partial<Limits>;
  readonly limits: AdmissionParts['limits'];
  /** How often runs of one workspace fetch, emit and begin passes of loops; absent: as often as they like. */
  readonly rates?: { readonly fetches?: Rate; readonly emits?: Rate; readonly passes?: Rate };
  /** What the environment says of configurations; absent: nothing. */
  readonly configEnvironment?: ConfigEnvironment;
  /** Told each time that a workspace is refused because its newest version is not there in time. */
  readonly onStale?: () => void;
  /** Told each time that more than four fifths of a limit are used up, with the name of the limit. */
  readonly onNear?: (limit: string) => void;
}

/** The classes an engine is made of that a simulation puts others in the place of: to listen, or to see a mistake noticed. */
export const WORKINGS = {
  Configuration,
  Contexts,
  Effects: ReplayedEffects,
  FinishedRuns,
  HandleEvent,
  Journal,
  Models,
  Release,
  Runs,
  RunStore,
  Waiting,
};

export type Workings = typeof WORKINGS;

/** What takes runs from their start to their end. */
export type Engine = Awaited<ReturnType<typeof engineOn>>;

/** Puts the engine together on its ports. Nothing of it runs yet. */
export async function engineOn(ports: EnginePorts, settings: EngineSettings, made: Workings = WORKINGS) {
  const { plans, longestActive, apiUrl, tellsExecutions, runLimits = {}, limits, onStale, onNear } = settings;
  const stale = onStale === undefined ? {} : { onStale };
  const { eventLog, keyValue, blobs, clock, alarms, ids, log, active, source, fetcher, modules, secrets, topics, rights, turns } = ports;
  const bucket = (name: string) => keyValue.bucket(name);
  const models = new made.Models(active, source, log, { memory: plans, limits: runLimits, alarms, clock, ...stale });
  const { contexts, configuration, rateLimits } = await contextsOn(ports, settings, made);
  const timers = new Timers({ bucket: await bucket('timers'), clock, alarms, log });
  const waits = new WaitIndex(await bucket('waits'), ids, clock, turns);
  const store = new made.RunStore(await bucket('runs'), blobs);
  const answers = new Answers(await bucket('results'));
  const owner = ids.mint('rt');
  const finished = new made.FinishedRuns(eventLog, clock);
  const approvals = new Approvals({ bucket: await bucket('approvals'), eventLog, timers, clock, ids });
  const slots = new Slots({
    ...{ bucket: await bucket('slots'), clock, alarms, log, ids },
    isAlive: async ({ run, at }) => clock.now() - at < LEASE || (await runs.isAlive(runOfKey(run))),
    cancelRun: async (run) => {
      await runs.cancel(runOfKey(run), 'A newer run of its automation took its place.');
    },
  });
  const admission = new Admission({ slots, clock, alarms, limits });
  const paces = pacesOn(ports, settings);
  const authorization = new Authorization({ rights, clock, ids });
  const runs: Runs = new made.Runs({
    ...{ models, store, timers, answers, approvals, admission, slots, finished, contexts, authorization },
    ...{ clock, alarms, log, owner, longestActive, paces, turns },
    retries: new Retries({ store, timers, contexts, ids }),
    release: new made.Release({ store, contexts, configuration, models, eventLog, live: ports.live, timers, finished, clock, owner }),
    effects: new made.Effects({
      contexts,
      configuration,
      rateLimits,
      fetcher,
      fetchPace: paces.fetches,
      egress: new Egress(await bucket('egress')),
      topics,
      modules,
      authorization,
      turns,
      clock,
      ids,
    }),
    waiting: new made.Waiting(waits, eventLog),
    journal: new made.Journal(ids, tellsExecutions, onNear),
    prefilled: { global: { apiUrl } },
    secrets: new RunSecrets(secrets),
  });
  const gatherings = new Gatherings({ bucket: await bucket('gatherings'), clock, ids, timers });
  const gathered = new GatheredStarts({ gatherings, models, runs, finished });
  const schedules = { models, bucket: await bucket('schedules'), eventLog, clock, alarms, ids, log };
  return {
    ...{ models, contexts, configuration, timers, waits, store, answers, approvals, admission },
    ...{ slots, runs, finished, gathered, authorization, alarms },
    handleEvent: new made.HandleEvent({ models, runs, waits, finished, gathered, clock, ids }),
    callers: new Callers({ answers, clock, alarms }),
    schedules: new Schedules({ ...schedules, activations: active }),
    scheduleControl: new ScheduleControl(schedules),
  };
}

/** How often runs of a workspace do what is limited by time. */
function pacesOn({ clock, alarms }: EnginePorts, { rates: { fetches, emits, passes } = {} }: EngineSettings) {
  const paceOf = (rate: Rate = { perSecond: Infinity, burst: 1 }) => new Pace(rate, { clock, alarms });
  return { fetches: paceOf(fetches), emits: paceOf(emits), passes: paceOf(passes) };
}

/** What runs share, and what they are configured by. */
async function contextsOn(
  ports: EnginePorts,
  { longestActive, runLimits = {}, configEnvironment, onNear }: EngineSettings,
  made: Workings,
) {
  const { keyValue, eventLog, clock, ids, log, active } = ports;
  const news = new LimitNews({ eventLog, clock, ids, log, onNear });
  const parked = new ParkedRuns(await keyValue.bucket('runs'), clock, ids);
  const sizes = runLimits.contexts === undefined ? {} : { sizes: runLimits.contexts };
  const declared = new DeclaredConfigs(configEnvironment, active);
  return {
    contexts: new made.Contexts(await keyValue.bucket('contexts'), clock, ids, {
      ...{ ...sizes, parked, inHand: longestActive },
      onNear: (place, use) => void news.tell(place, use),
    }),
    configuration: new made.Configuration(ports.configurations, declared, runLimits.contexts?.config),
    rateLimits: new RateLimits(await keyValue.bucket('rates'), clock, ids),
  };
}
