import type { Connected } from '../../domain/live/connected';
import type { RollQuestion } from '../live/connections/live-connections';

/** Who is connected, over all instances of this service. */
export abstract class RollCall {
  /**
   * Those that fit: of each instance as many as are asked for, in no order. Refuses with `events.instance_silent` when an instance that is there
   * does not answer: what is left out unsaid would pass for all.
   */
  abstract ask(question: RollQuestion): Promise<readonly Connected[]>;
}
