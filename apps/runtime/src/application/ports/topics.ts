/** What an automation says of a topic. */
export interface TopicInstruction {
  readonly workspaceId: string;
  readonly topic: string;
  readonly what: 'create' | 'join' | 'leave';
  /** Ids of people. */
  readonly users: readonly string[];
  /** Whether to join makes a topic that is not there. */
  readonly create: boolean;
}

/** The topics of workspaces: named sets of people, to whom events can be addressed. */
export abstract class Topics {
  /**
   * Does what is said; to say it again changes nothing. Answers whether the topic was made by it. Throws `topics.not_found` and what else the
   * service of events refuses, and as the bus does when it cannot be asked.
   */
  abstract manage(instruction: TopicInstruction): Promise<boolean>;
}
