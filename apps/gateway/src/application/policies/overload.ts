import { DomainError } from '@millrace/kernel';
import { isShed, pressureOf } from '../../domain/policies/pressure';
import type { Lateness } from '../ports/lateness';
import type { Circuits } from './circuits';
import type { RulesInForce } from './rules';

/** Refuses some when there is more to do than can be done, so that the others are served. */
export class Overload {
  constructor(
    private readonly lateness: Lateness,
    private readonly circuits: Pick<Circuits, 'inHand'>,
    private readonly rules: RulesInForce,
  ) {}

  /** Whether anybody is refused just now. */
  get isPressed(): boolean {
    return this.pressure > 1;
  }

  /** Refuses (`gateway.overloaded`) a request of a class whose turn it is to be refused. */
  check(className: string): void {
    if (isShed(this.rules.classNamed(className).turn, this.pressure)) throw overloaded(className);
  }

  private get pressure(): number {
    return pressureOf(this.lateness.now(), this.circuits.inHand, this.rules.current.bearable);
  }
}

function overloaded(className: string): DomainError {
  return new DomainError('gateway.overloaded', 'unavailable', 'There is more to do here than can be done. Try again in some seconds.', {
    facts: { class: className, retryAfter: 2 },
  });
}
