import { DomainError } from '@millrace/kernel';
import { Topics, type TopicInstruction } from '../ports/topics';

/** Topics in memory, of one workspace. */
export class ToldTopics extends Topics {
  /** Who is in each, by its name. */
  readonly members = new Map<string, ReadonlySet<string>>();

  override async manage({ topic, what, users, create }: TopicInstruction): Promise<boolean> {
    const known = this.members.get(topic);
    if (known === undefined && what === 'join' && !create) throw new DomainError('topics.not_found', 'not-found', `No topic ${topic}.`);
    const members = what === 'leave' ? [...(known ?? [])].filter((user) => !users.includes(user)) : [...(known ?? []), ...users];
    this.members.set(topic, new Set(members));
    return known === undefined;
  }
}
