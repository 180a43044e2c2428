import type {
  DescMessage,
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import { groupOf, routeOf } from '@millrace/contracts';
import type { Alarms, Clock } from '@millrace/kernel';
import { Bus, type CallContext, type Passports, type Wire } from '@millrace/messaging';
import { isWorthASecondTry, type Circuits } from '../../application/policies/circuits';

export interface GuardedBusParts {
  readonly wire: Wire;
  readonly passports: Passports;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly circuits: Circuits;
}

/** Milliseconds before a call is made a second time. */
const PAUSE = 100;

/**
 * The bus as the gateway uses it for its callers: services that do not answer are left in peace, and a call that changes nothing is made a
 * second time when nobody listened or the connection broke, if time is left.
 */
export class GuardedBus extends Bus {
  constructor(private readonly parts: GuardedBusParts) {
    super(parts.wire, parts.passports, parts.clock);
  }

  override async call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    context: CallContext,
  ): Promise<MessageShape<O>> {
    const { circuits } = this.parts;
    const once = (): Promise<MessageShape<O>> => circuits.through(groupOf(method), () => super.call(method, request, context));
    try {
      return await once();
    } catch (error) {
      if (!isRepeatable(method, context) || !isWorthASecondTry(error) || !this.hasTime(context)) throw error;
      await this.pause();
      return once();
    }
  }

  override async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    context: CallContext,
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    const answers = super.stream(method, request, context);
    try {
      const first = await this.parts.circuits.through(groupOf(method), () => answers.next());
      if (first.done === true) return;
      yield first.value;
      yield* answers;
    } finally {
      await answers.return();
    }
  }

  private hasTime({ deadline }: CallContext): boolean {
    return deadline - this.parts.clock.now() > 2 * PAUSE;
  }

  private pause(): Promise<void> {
    const { alarms, clock } = this.parts;
    return new Promise((resolve) => void alarms.set(clock.now() + PAUSE, resolve));
  }
}

function isRepeatable(method: DescMethod, { repeatable = false }: CallContext): boolean {
  return repeatable || routeOf(method)?.verb === 'get';
}
