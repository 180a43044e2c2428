import type { Consumption, Delivery, Durable, EventLog, LoggedEvent, Outcome } from '@millrace/messaging';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

/** Milliseconds that what is in hand may take to be done when the service stops; what is not is heard again. */
const GRACE = 5_000;

/**
 * Hears events of the log from the start of its service to its end, under the name of a durable that all processes of the service share.
 * What fails is heard again, however often: the reason may be an outage, and none of the event's.
 */
export abstract class Follower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumption: Consumption | undefined;

  /** `heard`: the log; `durable`: what is heard of it, and how many events at once; `grace`: milliseconds for what is in hand at the end. */
  constructor(
    private readonly heard: Pick<EventLog, 'consume'>,
    private readonly durable: Omit<Durable, 'attempts'>,
    private readonly grace = GRACE,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const durable: Durable = { ...this.durable, attempts: 'unlimited' };
    this.consumption = await this.heard.consume(durable, (event, delivery) => this.hear(event, delivery));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumption?.stop(this.grace);
  }

  /** Does what follows from an event, perhaps not for the first time. A throw: again, later. */
  protected abstract hear(event: LoggedEvent, delivery: Delivery): Promise<Outcome>;
}
