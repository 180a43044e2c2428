import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Places, type PlacesLimits } from './places';
import { Ticket, type Priority } from './share';

const WORKSPACES = ['a', 'b', 'c', 'd'];
/** The head start of the highest priority over the lowest, in milliseconds. */
const LONGEST_HEAD_START = 60_000;
const ROUNDING = 1e-6;

/** What anybody may do. `which`: of those who could, by their number. */
const anyStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('enter' as const),
      workspaceId: fc.constantFrom(...WORKSPACES),
      priority: fc.constantFrom<Priority>('low', 'normal', 'high'),
      resumed: fc.nat(4).map((n) => n === 0),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('release' as const), which: fc.nat(1_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), which: fc.nat(1_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), milliseconds: fc.constantFrom(0, 1, 30, 100, 400, 30_000) }) },
);
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;

const anyLimits = fc.record({
  most: fc.integer({ min: 1, max: 6 }),
  rate: fc.record({ perSecond: fc.constantFrom(5, 10, 1_000), burst: fc.constantFrom(1, 2, 5, 1_000) }),
});

/** The places beside a plain account of what they did: buckets of tokens, lists of who waits and runs. Says what is wrong. */
class Audit {
  readonly problems: string[] = [];
  readonly waiting: Ticket[] = [];
  readonly running: Ticket[] = [];
  private readonly places: Places;
  private readonly tokens: Map<string, number>;
  private now = 0;

  constructor(private readonly limits: PlacesLimits) {
    this.places = new Places(limits);
    this.tokens = new Map(WORKSPACES.map((workspaceId) => [workspaceId, limits.rate.burst]));
  }

  do(step: Step): void {
    switch (step.kind) {
      case 'enter':
        this.enter(new Ticket(step.workspaceId, step.priority, step.resumed, this.now));
        break;
      case 'release':
        this.release(step.which);
        break;
      case 'leave':
        this.leave(step.which);
        break;
      case 'pass':
        this.pass(step.milliseconds);
        break;
    }
    this.fill();
    this.check();
  }

  release(which: number): void {
    const [ticket] = this.running.splice(which % Math.max(this.running.length, 1), 1);
    if (ticket !== undefined) this.places.release(ticket.workspaceId);
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    const { perSecond, burst } = this.limits.rate;
    for (const [workspaceId, tokens] of this.tokens)
      this.tokens.set(workspaceId, Math.min(burst, tokens + (milliseconds * perSecond) / 1_000));
  }

  fill(): void {
    for (let ticket = this.places.next(this.now); ticket !== undefined; ticket = this.places.next(this.now)) {
      this.judge(ticket);
      this.waiting.splice(this.waiting.indexOf(ticket), 1);
      this.start(ticket);
    }
  }

  private enter(ticket: Ticket): void {
    if (this.places.enter(ticket, this.now)) this.start(ticket);
    else this.waiting.push(ticket);
  }

  private leave(which: number): void {
    const [ticket] = this.waiting.splice(which % Math.max(this.waiting.length, 1), 1);
    if (ticket !== undefined) this.places.leave(ticket);
  }

  private start(ticket: Ticket): void {
    const { workspaceId } = ticket;
    this.running.push(ticket);
    if (ticket.resumed) return;
    const tokens = this.tokensOf(workspaceId) - 1;
    if (tokens < -ROUNDING) this.problems.push(`${workspaceId} is beyond its rate`);
    this.tokens.set(workspaceId, tokens);
  }

  /** Was it this one's turn? */
  private judge(ticket: Ticket): void {
    if (!this.waiting.includes(ticket)) this.problems.push('somebody who does not wait was admitted');
    for (const other of this.waiting) {
      const isOfSame = other.workspaceId === ticket.workspaceId;
      if (!isOfSame && this.isReady(other) && this.runningOf(other) < this.runningOf(ticket)) this.problems.push('a smaller share waits');
      if (!isOfSame || ticket.resumed || other.resumed) continue;
      if (other.at + LONGEST_HEAD_START < ticket.at) this.problems.push('somebody who came a minute before waits');
      const isBefore = this.waiting.indexOf(other) < this.waiting.indexOf(ticket);
      if (isBefore && other.priority === ticket.priority) this.problems.push('somebody as important who came before waits');
    }
  }

  private check(): void {
    const { most } = this.limits;
    const { places, running, waiting } = this;
    if (places.running !== running.length || places.waiting !== waiting.length) this.problems.push('somebody is lost');
    if (running.length > most) this.problems.push('too many run');
    if (running.length < most && waiting.some((ticket) => this.isReady(ticket))) this.problems.push('somebody waits though there is room');
    const isStuck = running.length < most && waiting.length > 0 && places.nextAt === Infinity;
    if (isStuck) this.problems.push('nobody will wake those who wait for their rate');
  }

  private isReady({ workspaceId, resumed }: Ticket): boolean {
    return resumed || this.tokensOf(workspaceId) >= 1 + ROUNDING;
  }

  private runningOf({ workspaceId }: Ticket): number {
    return this.running.filter((ticket) => ticket.workspaceId === workspaceId).length;
  }

  private tokensOf(workspaceId: string): number {
    return this.tokens.get(workspaceId) ?? 0;
  }
}

describe('the places of an instance, whatever comes and goes', () => {
  it('exceed no limit, leave none unused, lose nobody, and prefer the smaller share and the earlier run', () => {
    fc.assert(
      fc.property(anyLimits, fc.array(anyStep, { maxLength: 120 }), (limits, steps) => {
        const audit = new Audit(limits);
        for (const step of steps) audit.do(step);
        expect(audit.problems).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('admit everybody in the end', () => {
    fc.assert(
      fc.property(anyLimits, fc.array(anyStep, { maxLength: 80 }), (limits, steps) => {
        const audit = new Audit(limits);
        for (const step of steps) audit.do(step);
        for (let left = audit.waiting.length; left > 0; left--) {
          audit.release(0);
          audit.pass(201);
          audit.fill();
        }
        expect(audit.waiting).toEqual([]);
      }),
    );
  });
});
