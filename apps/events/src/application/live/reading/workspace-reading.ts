import type { Permission } from '@millrace/auth';
import type { Clock, Principal } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import type { Concerned } from '../../../domain/live/revocation';
import type { TopicChange } from '../../../domain/live/topic-change';
import { readWhere } from '../../filters';
import { Readable } from '../../reading/readable';
import { Reading } from './reading';

/** Who reads in a workspace, and what they may. */
export interface WorkspaceReader {
  readonly workspaceId: string;
  readonly principal: Principal;
  readonly permission: Permission;
  /** When something ends by itself that gives it, milliseconds since 1970. */
  readonly until?: number;
}

/** The events of one workspace. */
export class WorkspaceReading extends Reading {
  readonly place: string;
  readonly pattern: string;
  readonly until: number | undefined;
  private permission: Permission;

  constructor(
    private readonly reader: WorkspaceReader,
    private readonly clock: Clock,
  ) {
    super();
    this.place = reader.workspaceId;
    this.pattern = `${reader.workspaceId}.>`;
    this.permission = reader.permission;
    this.until = reader.until;
  }

  override follows(event: NewEvent): boolean {
    return event.workspaceId === this.place;
  }

  override permissionFor(): Permission {
    this.permission = this.permission.at(this.clock.now());
    return this.permission;
  }

  override demandOpen(where: string): void {
    new Readable(this.permission).demandOpen(readWhere(where), '');
  }

  /** Who has just come to belong here reads on with what everyone may until they come back. */
  override isConcerned(workspaceId: string, concerned: Concerned): boolean {
    if (workspaceId !== this.place) return false;
    if (concerned === 'everyone') return true;
    const { kind, id } = this.reader.principal;
    return !concerned.isNew && concerned.kind === kind && concerned.id === id;
  }

  override note(workspaceId: string, { kind, topic, user }: TopicChange): boolean {
    const { topics } = this.permission;
    const isTheirs = workspaceId === this.place && (user === undefined || user === this.reader.principal.id);
    if (topics === undefined || !isTheirs || topics.includes(topic) === (kind === 'joined')) return false;
    this.permission = this.permission.inTopics(kind === 'joined' ? [...topics, topic] : topics.filter((each) => each !== topic));
    return true;
  }
}
