import { DomainError } from '@millrace/kernel';
import type { NewEvent } from '../../event';
import type { Pattern } from '../../event-log';
import { laneOf } from '../../lane';

const TOKEN = /^[A-Za-z0-9_=-]+$/;
const TYPE = /^[A-Za-z0-9_=-]+(?:\.[A-Za-z0-9_=-]+)*$/;

/** What the streams and subjects of one log are called. */
export class LogNames {
  readonly events: string;
  readonly dead: string;
  readonly state: string;
  readonly #root: string;

  /** `prefix`: letters, digits, `-` and `_`; sets apart several logs on the same servers. */
  constructor(prefix = '') {
    if (prefix !== '' && !TOKEN.test(prefix)) throw invalid('prefix of the log', prefix);
    const name = prefix === '' ? '' : `${prefix}-`;
    this.events = `${name}EVENTS`;
    this.dead = `${name}DEAD`;
    this.state = `${name}LOG`;
    this.#root = prefix === '' ? '' : `${prefix}.`;
  }

  /** `event.<lane>.<workspace>.<type>`. Refuses what would be another subject than it looks like. */
  subjectOf(event: NewEvent): string {
    if (!TOKEN.test(event.workspaceId)) throw invalid('workspace of an event', event.workspaceId);
    if (!TYPE.test(event.type)) throw invalid('type of an event', event.type);
    return `${this.#root}event.${laneOf(event)}.${event.workspaceId}.${event.type}`;
  }

  /** The subjects a pattern asks for, in one lane or in all. */
  filterOf(pattern: Pattern, lane: number | '*' = '*'): string {
    return `${this.#root}event.${lane}.${pattern}`;
  }

  /** The workspace and type that `subjectOf` wrote. */
  partsOf(subject: string): { readonly lane: number; readonly workspace: string; readonly type: string } {
    const lane = subject.indexOf('.', this.#root.length) + 1;
    const workspace = subject.indexOf('.', lane) + 1;
    const type = subject.indexOf('.', workspace) + 1;
    return {
      lane: Number(subject.slice(lane, workspace - 1)),
      workspace: subject.slice(workspace, type - 1),
      type: subject.slice(type),
    };
  }

  /** Where the dead letter of one event and durable is kept; `*` as sequence: of all of them. */
  deadSubject(durable: string, sequence: number | '*'): string {
    return `${this.#root}dead.${durable}.${sequence}`;
  }

  /** Where it is said that a letter is to be handed out once more. */
  redriveSubject(durable: string, sequence: number | '*'): string {
    return `${this.#root}redrive.${durable}.${sequence}`;
  }

  /** Where the processes of a durable tell each other that they live. Said to whoever listens, kept nowhere. */
  membersSubject(durable: string): string {
    return `${this.#root}members.${durable}`;
  }

  /** Where it is said which events were erased. Said to whoever listens, kept nowhere. */
  erasedSubject(): string {
    return `${this.#root}erased`;
  }

  /** Where the log notes how far it has come. */
  markSubject(): string {
    return `${this.#root}log.mark`;
  }

  /** Where what is left of an erased event is kept; `*`: of all of them. */
  remnantSubject(sequence: number | '*'): string {
    return `${this.#root}log.erased.${sequence}`;
  }

  /** Where it is kept how often an event failed in a durable; `*`: of all its events. */
  failureSubject(durable: string, sequence: number | '*'): string {
    return `${this.#root}log.failed.${durable}.${sequence}`;
  }

  /** Subjects of the stream of events. */
  eventSubjects(): string[] {
    return [`${this.#root}event.>`];
  }

  /** Subjects of the stream of dead letters. */
  deadSubjects(): string[] {
    return [`${this.#root}dead.*.*`, `${this.#root}redrive.*.*`];
  }

  /** Subjects of the stream of what the log knows of itself. */
  stateSubjects(): string[] {
    return [`${this.#root}log.>`];
  }

  /** The consumer of a durable, or of one of its lanes. Refuses names the server would not take. */
  consumerOf(durable: string, lane?: number): string {
    if (!TOKEN.test(durable)) throw invalid('name of a durable', durable);
    return lane === undefined ? durable : `${durable}-${lane}`;
  }

  /** The consumer of the letters of a durable that are to be handed out once more. */
  redriveConsumerOf(durable: string): string {
    return `${durable}-redrive`;
  }
}

function invalid(what: string, name: string): DomainError {
  const message = `The ${what}, "${name}", cannot be part of a subject. Use letters, digits, "-" and "_" (and dots between the tokens of a type).`;
  return new DomainError('log.name_invalid', 'invalid', message, { facts: { name } });
}
