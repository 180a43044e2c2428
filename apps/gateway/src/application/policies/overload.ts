import { DomainError } from '@millrace/kernel';
import { isShed, pressureOf } from '../../domain/policies/pressure';
import type { Lateness } from '../ports/lateness';
import type { Turns } from '../ports/turns';
import type { Circuits } from './circuits';
import type { RulesInForce } from './rules';

export interface OverloadParts {
  readonly lateness: Lateness;
  readonly turns: Turns;
  readonly circuits: Pick<Circuits, 'inHand'>;
  readonly rules: RulesInForce;
}

/** Refuses some when there is more to do than can be done, so that the others are served. */
export class Overload {
  constructor(private readonly parts: OverloadParts) {}

  /** Whether anybody is refused just now. */
  get isPressed(): boolean {
    return this.pressure > 1;
  }

  /** Refuses (`gateway.overloaded`) a request of a class whose turn it is to be refused. */
  check(className: string): void {
    if (isShed(this.parts.rules.classNamed(className).turn, this.pressure)) throw overloaded(className);
  }

  /** Resolves when it is the request's turn to be served; undefined: at once. Who is refused is never kept waiting for it. */
  turn(): Promise<void> | undefined {
    return this.parts.turns.next();
  }

  private get pressure(): number {
    const { lateness, turns, circuits, rules } = this.parts;
    return pressureOf(Math.max(lateness.now(), turns.waited()), circuits.inHand, rules.current.bearable);
  }
}

function overloaded(className: string): DomainError {
  return new DomainError('gateway.overloaded', 'unavailable', 'There is more to do here than can be done. Try again in some seconds.', {
    facts: { class: className, retryAfter: 2 },
  });
}
