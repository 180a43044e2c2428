import type { Json, JsonMap } from '@millrace/kernel';
import type { LoadRequest, Plan } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import { Chance, SimulatedWorld, type SimulatedProcess } from '@millrace/testing';
import { WORKINGS, type Workings } from '../../application/engine';
import { Contexts } from '../../application/contexts/contexts';
import { ParkedRuns } from '../../application/contexts/parked-runs';
import { RunStore } from '../../application/execution/keeping/run-store';
import { KeptConfigurations } from '../../application/testing/kept-configurations';
import { MemoryBlobs } from '../../application/testing/told';
import { overwritten } from '../../domain/contexts/overwrites';
import type { Scenario } from '../scenario/scenario';
import type { CallAnswer } from './caller';
import { Follower } from './follower';
import { House } from './house';
import type { Mishap } from './mishaps';
import { Notes, type Begun } from './notes';
import { Outside } from './outside';
import { runningThis } from './planned';
import { SimulatedIds } from './simulated-ids';
import { WORKSPACE } from './simulated-runtime';
import { Web, type WebCall } from './web';

/** How a scenario is played. */
export interface Playing {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly plan: Plan;
  /** Empty: nothing goes wrong, and nothing is left to chance. */
  readonly mishaps: readonly Mishap[];
  readonly processes: number;
  /** What the engine is made of. */
  readonly made?: Workings;
}

/** All there is to be seen when a scenario is over. */
export interface Evidence {
  readonly playing: Playing;
  /** The log. */
  readonly events: readonly LoggedEvent[];
  /** By run: the event that asked for it. */
  readonly started: ReadonlyMap<string, LoggedEvent>;
  readonly begun: ReadonlyMap<string, readonly Begun[]>;
  readonly loaded: ReadonlyMap<string, readonly Json[]>;
  readonly calls: readonly WebCall[];
  /** By run: how many hands it was in. */
  readonly hands: ReadonlyMap<string, number>;
  readonly answers: ReadonlyMap<string, readonly CallAnswer[]>;
  readonly contexts: readonly (LoadRequest & { readonly value: JsonMap })[];
  /** What should not be there any more, by bucket; `dead`: dead letters; `outside`: somebody still waits for an answer. */
  readonly left: Readonly<Record<string, readonly string[]>>;
  /** Durable writes of the runtime. */
  readonly writes: number;
  /** What happened, a line each. */
  readonly history: readonly string[];
}

/** When a playing begins. The number of its minute is one by which timers are found in few steps. */
const START = 20_000_000 * 60_000;
/** Milliseconds in which everything has to be over. */
const HORIZON = 45 * 60_000;
/** Milliseconds in which what was delivered twice, or left behind, is seen to. */
const REST = 75_000;
/** Milliseconds after which an event whose handling failed again and again is tried once more. */
const LONGEST_BACK_OFF = 610_000;

/** Plays a scenario to its end; the same playing gives the same evidence. */
export async function play(playing: Playing): Promise<Evidence> {
  const { seed, scenario, plan, mishaps, processes, made = WORKINGS } = playing;
  const isCalm = mishaps.length === 0;
  const world = new SimulatedWorld(seed, { calm: isCalm, start: START });
  const [notes, follower, web] = [new Notes(), new Follower(plan), new Web(new Chance(seed + 1))];
  const outside = world.process('outside');
  const house = new House({ world, plan, web, made: notes.listenTo(runningThis(plan, made)), outside, mishaps });
  const people = new Outside(outside, new Chance(seed + 2), () => house.there);
  void follower.follow(outside, (event) => people.hear(event));
  house.open(processes);
  people.play(scenario);
  await until(world, () => people.isDone && follower.isQuiet);
  await world.runFor(REST);
  const { events, started } = follower;
  const { begun, loaded } = notes;
  const hands = new Map(Array.from(notes.hands, ([run, { size }]) => [run, size]));
  const left = { ...(await leftAtLast(world, outside)), outside: people.isDone ? [] : ['somebody waits for an answer'] };
  const contexts = await contextsOf(world, outside);
  const { answers } = people;
  return {
    ...{
      playing,
      events,
      started,
      begun,
      loaded,
      hands,
      calls: web.calls,
      answers,
      contexts,
      left,
      writes: house.writes,
      history: world.history,
    },
  };
}

/** Lets time pass until it is so, or the horizon is reached. */
async function until(world: SimulatedWorld, isOver: () => boolean): Promise<void> {
  const end = world.clock.now() + HORIZON;
  const step = 5_000;
  while (!isOver() && world.clock.now() < end) await world.runFor(step);
}

/** What is left when everything that was tried again has been. */
async function leftAtLast(world: SimulatedWorld, outside: SimulatedProcess): ReturnType<typeof leftIn> {
  const left = await leftIn(world, outside);
  if (left.runs.length === 0) return left;
  await world.runFor(LONGEST_BACK_OFF);
  return leftIn(world, outside);
}

async function leftIn(
  world: SimulatedWorld,
  { keyValue, eventLog }: SimulatedProcess,
): Promise<Record<'runs' | 'marks' | 'waits' | 'dead', readonly string[]>> {
  const bucket = await world.finish(keyValue.bucket('runs'));
  const store = new RunStore(bucket, new MemoryBlobs());
  const runs = (await world.finish(store.list(WORKSPACE))).map(({ run }) => run.id);
  const marks = (await world.finish(bucket.list(ParkedRuns.all(WORKSPACE)))).map(({ key }) => key);
  const waits = (await world.finish((await world.finish(keyValue.bucket('waits'))).list(''))).map(({ key }) => key);
  const dead = (await world.finish(eventLog.dead('runtime').list(100))).map(({ event, reason }) => `${event.id} ${reason}`);
  return { runs, marks, waits, dead };
}

async function contextsOf(world: SimulatedWorld, { keyValue, clock }: SimulatedProcess): Promise<Evidence['contexts']> {
  const contexts = new Contexts(await world.finish(keyValue.bucket('contexts')), clock, new SimulatedIds('audit'));
  const found: Evidence['contexts'][number][] = [];
  for (const { context, instance, owner } of await world.finish(Array.fromAsync(contexts.each(WORKSPACE)))) {
    const name = { context, instance, owner };
    found.push({ ...name, value: (await world.finish(contexts.load(WORKSPACE, name))).value });
  }
  const kept = new KeptConfigurations(await world.finish(keyValue.bucket('configs')));
  for (const { instance, values } of await world.finish(kept.list(WORKSPACE))) {
    found.push({ context: 'config', instance, owner: '', value: overwritten({}, values) });
  }
  return found;
}
