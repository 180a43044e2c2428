import { TopicsService } from '@millrace/contracts';
import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import type { Bus } from '@millrace/messaging';
import { Topics, type TopicInstruction } from '../application/ports/topics';

const PATIENCE = 10_000;

/** Topics of the service of events. */
export class BusTopics extends Topics {
  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    super();
  }

  override async manage({ workspaceId, topic, what: instruction, users, create }: TopicInstruction): Promise<boolean> {
    const context = { principal: servicePrincipal('runtime'), correlationId: this.ids.mint('cor'), deadline: this.clock.now() + PATIENCE };
    const asked = { workspaceId, topic, instruction, users: [...users], create };
    return (await this.bus.call(TopicsService.method.manageTopic, asked, context)).created;
  }
}
