import type { Permission } from '@millrace/auth';
import type { Clock, Principal } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import type { Concerned } from '../../../domain/live/revocation';
import { readWhere } from '../../filters';
import { Readable } from '../../reading/readable';
import { Reading } from './reading';

/** Who reads what is addressed to them, and what they may read where. */
export interface OwnReader {
  readonly principal: Principal;
  /** By workspace they have a part in. */
  readonly permissions: ReadonlyMap<string, Permission>;
  /** What they may read where they have no part. */
  readonly elsewhere: Permission;
  /** When something ends by itself that they have in one of them, milliseconds since 1970. */
  readonly until?: number;
}

/** What is addressed to one person, in any workspace. */
export class OwnReading extends Reading {
  readonly place: string;
  readonly pattern = '*.>';
  readonly until: number | undefined;
  private readonly permissions: Map<string, Permission>;

  constructor(
    private readonly reader: OwnReader,
    private readonly clock: Clock,
  ) {
    super();
    this.place = placeOf(reader.principal.id);
    this.permissions = new Map(reader.permissions);
    this.until = reader.until;
  }

  override follows({ target }: NewEvent): boolean {
    return target?.user !== undefined && target.user === this.reader.principal.id;
  }

  override permissionFor({ workspaceId }: NewEvent): Permission {
    const known = this.permissions.get(workspaceId);
    if (known === undefined) return this.reader.elsewhere;
    const permission = known.at(this.clock.now());
    if (permission !== known) this.permissions.set(workspaceId, permission);
    return permission;
  }

  override demandOpen(where: string): void {
    const filter = readWhere(where);
    for (const permission of this.permissions.values()) new Readable(permission).demandOpen(filter, '');
    new Readable(this.reader.elsewhere).demandOpen(filter, '');
  }

  override isConcerned(workspaceId: string, concerned: Concerned): boolean {
    if (concerned === 'everyone') return this.permissions.has(workspaceId);
    const { kind, id } = this.reader.principal;
    return concerned.kind === kind && concerned.id === id;
  }

  /** What a topic brings is for all who are in it, not for one. */
  override note(): boolean {
    return false;
  }
}

/** Where the subscriptions of somebody to what is their own stand in the index; no workspace has such an id. */
export function placeOf(user: string): string {
  return `user/${user}`;
}
