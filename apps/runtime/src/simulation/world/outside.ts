import type { JsonMap } from '@millrace/kernel';
import { DomainError } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import type { Chance, SimulatedProcess } from '@millrace/testing';
import type { CallDeed, Deed, EventDeed, Scenario } from '../scenario/scenario';
import { Caller, type CallAnswer } from './caller';
import { BOSS, callBy, WORKSPACE, type SimulatedRuntime } from './simulated-runtime';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Milliseconds after which somebody who was asked looks at it. */
const SLOWEST = 6_000;

/** What an event `ask` says. */
interface Question {
  readonly id: string;
  /** Milliseconds until it is answered. */
  readonly after: number;
  /** Two answers come. */
  readonly rival?: boolean;
}

/** What `runtime.approvals.asked` says, as far as it matters here. */
interface Asked {
  readonly approval: string;
}

/** The world around the runtime: it sends, calls, answers what it is asked, and never dies. */
export class Outside {
  /** By key of the call: what each of its callers was told. */
  readonly answers = new Map<string, CallAnswer[]>();
  /** What it still means to do. */
  private open = 0;
  private readonly caller: Caller;

  constructor(
    private readonly process: SimulatedProcess,
    private readonly chance: Chance,
    private readonly there: () => readonly SimulatedRuntime[],
  ) {
    this.caller = new Caller(process, () => this.someRuntime());
  }

  get isDone(): boolean {
    return this.open === 0;
  }

  play({ deeds }: Scenario): void {
    for (const deed of deeds) {
      for (let times = deed.isRepeated ? 2 : 1; times > 0; times--) this.later(deed.after, () => this.does(deed));
    }
  }

  /** Answers what asks for an answer. */
  hear({ type, payload, id }: LoggedEvent): void {
    if (type !== 'ask' && type !== 'runtime.approvals.asked') return;
    const asked: unknown = JSON.parse(decoder.decode(payload));
    if (type === 'ask') this.answerQuestion(id, asked as Question);
    else this.later(this.chance.below(SLOWEST), () => this.approve((asked as Asked).approval));
  }

  private does(deed: Deed): Promise<void> {
    return deed.kind === 'event' ? this.sends(deed) : this.calls(deed);
  }

  private sends({ id, type, payload, key, session }: EventDeed): Promise<void> {
    return this.emit(id, type, payload, { ...(key === undefined ? {} : { key }), source: session === undefined ? {} : { session } });
  }

  private async calls(deed: CallDeed): Promise<void> {
    const answers = this.answers.get(deed.key) ?? [];
    this.answers.set(deed.key, answers);
    answers.push(await this.caller.call(deed));
  }

  private answerQuestion(question: string, { id, after, rival }: Question): void {
    const answer = { id, value: `answer to ${id}` };
    for (const type of rival === true ? ['answer', 'rival'] : ['answer']) {
      this.later(after, () => this.emit(`${question}-${type}`, type, answer, { source: {} }));
    }
  }

  /** Somebody decides, again and again until that is taken, or not wanted any more. */
  private async approve(approval: string): Promise<void> {
    const runtime = this.someRuntime();
    const decision = { decision: 'approved', form: {} };
    const decided = runtime?.approval.run(callBy(BOSS), WORKSPACE, approval, decision).then(
      () => true,
      (error: unknown) => error instanceof DomainError,
    );
    const isTaken = (await Promise.race([decided, this.after(SLOWEST)])) === true;
    if (!isTaken) this.later(SLOWEST, () => this.approve(approval));
  }

  private async emit(
    id: string,
    type: string,
    payload: JsonMap,
    more: Pick<LoggedEvent, 'source'> & { readonly key?: string },
  ): Promise<void> {
    const event = { id, workspaceId: WORKSPACE, type, time: this.process.clock.now(), payload: encoder.encode(JSON.stringify(payload)) };
    const actor = { kind: 'user', id: 'usr_outside' } as const;
    await this.process.eventLog.append([{ ...event, correlationId: `cor-${id}`, actor, ...more }]);
  }

  private later(milliseconds: number, act: () => Promise<void>): void {
    this.open += 1;
    void this.after(milliseconds)
      .then(act)
      .finally(() => (this.open -= 1));
  }

  private after(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.process.alarms.set(this.process.clock.now() + milliseconds, resolve));
  }

  private someRuntime(): SimulatedRuntime | undefined {
    const there = this.there();
    return there[this.chance.below(there.length)];
  }
}
