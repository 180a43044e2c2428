import { DomainError, type Clock } from '@millrace/kernel';
import { Circuit } from '../../domain/policies/circuit';

/** What says of a service that it is not there, rather than that it will not. */
const UNREACHABLE: ReadonlySet<string> = new Set(['wire.no_one_listens', 'wire.timeout', 'wire.disconnected', 'wire.handler_failed']);
/** What may be different in a moment. */
const WORTH_A_SECOND_TRY: ReadonlySet<string> = new Set(['wire.no_one_listens', 'wire.disconnected']);

/** Counts the calls in hand, and keeps them from services that do not answer. */
export class Circuits {
  private readonly circuits = new Map<string, Circuit>();
  private waiting = 0;

  constructor(private readonly clock: Clock) {}

  /** Calls that nobody has answered yet. */
  get inHand(): number {
    return this.waiting;
  }

  /** The services that are not called just now. */
  open(): readonly string[] {
    const now = this.clock.now();
    return [...this.circuits].filter(([, circuit]) => circuit.wait(now) > 0).map(([service]) => service);
  }

  /** Lets a call of a service through. Refuses (`gateway.service_resting`) at once while the service is known not to answer. */
  async through<T>(service: string, call: () => Promise<T>): Promise<T> {
    const circuit = this.circuitOf(service);
    const passage = circuit.enter(this.clock.now());
    if (passage === undefined) throw resting(service, circuit.wait(this.clock.now()));
    this.waiting += 1;
    let isAnswered = true;
    try {
      return await call();
    } catch (error) {
      isAnswered = !isUnreachable(error);
      throw error;
    } finally {
      this.waiting -= 1;
      circuit.leave(passage, isAnswered, this.clock.now());
    }
  }

  private circuitOf(service: string): Circuit {
    const known = this.circuits.get(service);
    if (known !== undefined) return known;
    const circuit = new Circuit();
    this.circuits.set(service, circuit);
    return circuit;
  }
}

/** Whether a call that failed so may be answered when it is made again. Whether the first was made after all is not known. */
export function isWorthASecondTry(error: unknown): boolean {
  return error instanceof DomainError && WORTH_A_SECOND_TRY.has(error.code);
}

function isUnreachable(error: unknown): boolean {
  return error instanceof DomainError && UNREACHABLE.has(error.code);
}

function resting(service: string, wait: number): DomainError {
  return new DomainError(
    'gateway.service_resting',
    'unavailable',
    `The service "${service}" has not answered for a while and is left in peace for some seconds. Try again then.`,
    { facts: { service, retryAfter: Math.max(1, Math.ceil(wait / 1000)) } },
  );
}
