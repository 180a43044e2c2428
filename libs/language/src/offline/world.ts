import type { Json, JsonMap } from '@millrace/kernel';
import type { Plan } from '../plan/plan';
import { refusalIn } from '../problems/language-error';
import type { EffectError } from '../problems/failure';
import type { Effect, EmitRequest, ReplyRequest } from '../step/effects';
import { start, step } from '../step/step';
import type { Begin, Outcome, Turn } from '../step/turn';
import { isoOf } from '../time/instant';
import { matchEvents } from '../triggers/match';
import type { EventLocals } from '../triggers/matching';
import { compileWait } from '../triggers/wait';
import { textOf } from '../values/value';
import type { Answers } from './answers';
import type { OfflineContexts } from './contexts';
import { LocalServices } from './local-services';
import { printedRequest } from './request';
import { Tries } from './tries';

interface Run {
  readonly begin: Begin;
  turn: Turn;
}

interface Happening {
  readonly run: Run;
  /** The effect it is about. */
  readonly effect: string;
  readonly at: number;
  readonly order: number;
  readonly happen: () => void;
}

interface Waiting {
  readonly run: Run;
  readonly effect: string;
  readonly accept: ReturnType<typeof compileWait>;
}

const MOST_TURNS = 200_000;

/** A world in memory in which runs are taken to their end: a virtual clock, contexts, and answers written beforehand. */
export class OfflineWorld {
  readonly runs: Run[] = [];
  readonly emits: EmitRequest[] = [];
  readonly replies: ReplyRequest[] = [];
  readonly asked: JsonMap[] = [];
  private happenings: readonly Happening[] = [];
  private readonly ready: { readonly run: Run; readonly outcome: Outcome }[] = [];
  private waiting: readonly Waiting[] = [];
  private readonly services: LocalServices;
  private count = 0;

  constructor(
    readonly plan: Plan,
    readonly contexts: OfflineContexts,
    private readonly answers: Answers,
    private readonly options: { readonly dispatch: boolean },
    public now: number,
  ) {
    this.services = new LocalServices(contexts);
  }

  /** Takes a run, and what it starts, to the end. False: something is held for ever. */
  play(begin: Begin): boolean {
    this.begin(begin);
    for (let turns = 0; turns < MOST_TURNS; turns++) {
      const next = this.ready.shift();
      if (next !== undefined) this.advance(next.run, next.outcome);
      else if (!this.tick()) return this.runs.every(({ turn }) => turn.ended !== undefined);
    }
    return false;
  }

  private begin(begin: Begin): void {
    const run: Run = { begin, turn: start(this.plan, begin) };
    this.runs.push(run);
    this.perform(run);
  }

  private advance(run: Run, outcome: Outcome): void {
    if (run.turn.ended !== undefined) return;
    run.turn = step(this.plan, run.turn.state, [outcome]);
    this.perform(run);
  }

  /** Lets the next thing happen that time brings. False: nothing will. */
  private tick(): boolean {
    const [next, ...later] = [...this.happenings].sort((a, b) => a.at - b.at || a.order - b.order);
    if (next === undefined) return false;
    this.happenings = later;
    this.now = Math.max(this.now, next.at);
    next.happen();
    return true;
  }

  private perform(run: Run): void {
    const { effects, dropped, ended } = run.turn;
    const stays = ({ run: other, effect }: { readonly run: Run; readonly effect: string }): boolean =>
      other !== run || (ended === undefined && !dropped.includes(effect));
    this.waiting = this.waiting.filter(stays);
    this.happenings = this.happenings.filter(stays);
    const emitted: EmitRequest[] = [];
    for (const effect of effects) {
      if (!SILENT.has(effect.kind)) this.asked.push({ effect: effect.kind, request: printedRequest(effect) });
      if (effect.kind !== 'emit') this.one(run, effect);
      else if (!this.emitted(effect.request)) emitted.push(effect.request);
    }
    if (this.options.dispatch) for (const event of emitted) this.dispatch(run, event);
  }

  /** True: it starts no automation, for a wait has it, or nobody but those who are connected. */
  private emitted(event: EmitRequest): boolean {
    this.emits.push(event);
    if (event.options?.['keep'] === 'live') return true;
    return this.announce(this.localsOf(event));
  }

  private one(run: Run, effect: Exclude<Effect, { kind: 'emit' }>): void {
    switch (effect.kind) {
      case 'reply':
        this.replies.push(effect.request);
        break;
      case 'wait':
        this.wait(run, effect);
        break;
      case 'sleep':
        this.at(run, effect.id, effect.request.until, () => this.answer(run, effect.id, { value: null }));
        break;
      case 'approve':
        this.approve(run, effect);
        break;
      case 'fetch':
      case 'action':
      case 'auth':
      case 'module':
        this.tries(run, effect).first();
        break;
      default:
        this.local(run, effect);
    }
  }

  private local(run: Run, effect: Effect): void {
    try {
      const value = this.services.answer(effect, this.now);
      if (effect.blocks) this.answer(run, effect.id, { value });
    } catch (error) {
      const { code, message } = refusalIn(error);
      this.answer(run, effect.id, { error: { code, message } });
    }
  }

  private answer(run: Run, effect: string, outcome: { readonly value?: Json; readonly error?: EffectError }): void {
    this.ready.push({ run, outcome: { effect, at: this.now, ...outcome } });
  }

  private at(run: Run, effect: string, at: number, happen: () => void): void {
    this.count += 1;
    this.happenings = [...this.happenings, { run, effect, at, order: this.count, happen }];
  }

  private tries(run: Run, effect: Extract<Effect, { kind: 'fetch' | 'action' | 'auth' | 'module' }>): Tries {
    return new Tries(effect, this.answers, {
      after: (delay, happen) => this.at(run, effect.id, this.now + delay, happen),
      settle: (outcome) => this.answer(run, effect.id, outcome),
      stream: (items) => this.services.open(items),
    });
  }

  private wait(run: Run, { id, request }: Extract<Effect, { kind: 'wait' }>): void {
    this.waiting = [...this.waiting, { run, effect: id, accept: compileWait(this.plan, request) }];
    this.at(run, id, request.until, () => {
      if (this.release(run, id)) this.answer(run, id, { value: null });
    });
    const answer = this.answers.take('wait', printedRequest({ kind: 'wait', request } as Effect));
    for (const event of answer?.events ?? []) {
      this.at(run, id, this.now + this.services.delayOf(event), () => this.announce(this.arrived(event)));
    }
  }

  private release(run: Run, id: string): boolean {
    const before = this.waiting.length;
    this.waiting = this.waiting.filter((one) => one.run !== run || one.effect !== id);
    return this.waiting.length < before;
  }

  /** An event is there: each wait that accepts it goes on. True: one of them has it start no automation. */
  private announce(event: EventLocals): boolean {
    let cancelled = false;
    for (const { run, effect, accept } of this.waiting) {
      const accepted = accept(event);
      if (accepted === undefined) continue;
      this.release(run, effect);
      this.answer(run, effect, { value: accepted.value });
      cancelled ||= accepted.cancelTriggers;
    }
    return cancelled;
  }

  /** A decision that comes too late finds the approval expired. */
  private approve(run: Run, effect: Extract<Effect, { kind: 'approve' }>): void {
    const answer = this.answers.take('approve', printedRequest(effect));
    const until = Number(effect.request['until']);
    const comes = answer === undefined ? Number.POSITIVE_INFINITY : this.now + answer.after;
    this.at(run, effect.id, Math.min(until, comes), () => {
      if (answer === undefined || comes > until) this.answer(run, effect.id, { value: null });
      else if (answer.error !== undefined) this.answer(run, effect.id, { error: answer.error });
      else this.answer(run, effect.id, { value: this.services.decision(answer.result, this.now) });
    });
  }

  private arrived(event: JsonMap): EventLocals {
    this.count += 1;
    const { type, payload, source, id } = event;
    const around = { id: typeof id === 'string' ? id : `evt_offline_${this.count}`, createdAt: isoOf(this.now) };
    return { ...around, type: textOf(type), payload: mapOr(payload), source: mapOr(source) };
  }

  private localsOf({ id, event, payload, source }: EmitRequest): EventLocals {
    return { id, type: event, createdAt: isoOf(this.now), payload, source };
  }

  private dispatch(by: Run, event: EmitRequest): void {
    for (const { slug, locals } of matchEvents(this.plan, this.localsOf(event))) {
      const run = `${by.begin.run}_${this.runs.length + 1}`;
      const trigger = { type: 'event' as const, value: event.event, id: event.id };
      this.begin({
        ...by.begin,
        run,
        seed: run,
        slug,
        locals,
        trigger,
        now: this.now,
        depth: by.begin.depth + 1,
        config: this.contexts.config,
      });
    }
  }
}

const SILENT: ReadonlySet<string> = new Set(['emit', 'reply', 'load', 'write', 'yield']);

function mapOr(value: Json | undefined): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
}
