import { DomainError } from '@millrace/kernel';
import type { Wire, WireMessage } from '@millrace/messaging';
import type { LiveConnections, RollQuestion } from '../application/live/connections/live-connections';
import type { Instances } from '../application/ports/instances';
import { RollCall } from '../application/ports/roll-call';
import type { Connected } from '../domain/live/connected';

const PREFIX = 'live.roll';
const GROUP = 'events';
/** Milliseconds that an instance has to answer. */
const PATIENCE = 2_000;

export interface RollCallParts {
  readonly wire: Wire;
  /** Those that are to be asked. */
  readonly instances: Pick<Instances, 'all'>;
  readonly patience?: number;
}

/** Asks each live instance on the wire, at `live.roll.<instance>`; questions and answers are JSON. */
export class WireRollCall extends RollCall {
  constructor(private readonly parts: RollCallParts) {
    super();
  }

  /** From when it resolves, the instance of this name answers for its connections, until the wire is closed. */
  static async answer(wire: Wire, instance: string, connections: LiveConnections): Promise<void> {
    const request = async ({ body }: WireMessage): Promise<WireMessage> => messageOf(connections.list(read<RollQuestion>(body)));
    await wire.serve(`${PREFIX}.${instance}`, GROUP, { request });
  }

  override async ask(question: RollQuestion): Promise<readonly Connected[]> {
    const names = await this.parts.instances.all();
    return (await Promise.all(names.map((name) => this.askOne(name, question)))).flat();
  }

  private async askOne(instance: string, question: RollQuestion): Promise<readonly Connected[]> {
    const { wire, patience: timeout = PATIENCE } = this.parts;
    try {
      const { body } = await wire.request(`${PREFIX}.${instance}`, messageOf(question), { timeout });
      return read<readonly Connected[]>(body);
    } catch (error) {
      // It is gone, and what was connected to it.
      if (error instanceof DomainError && error.code === 'wire.no_one_listens') return [];
      throw silent(instance);
    }
  }
}

function messageOf(said: object): WireMessage {
  return { body: new TextEncoder().encode(JSON.stringify(said)), headers: {} };
}

function read<T>(body: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(body)) as T;
}

function silent(instance: string): DomainError {
  return new DomainError(
    'events.instance_silent',
    'unavailable',
    `The instance ${instance} of the events service does not say who is connected to it. Try again in ten seconds: then it answers or is given up.`,
    { facts: { instance, retryAfter: 10 } },
  );
}
