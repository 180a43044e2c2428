import type { DomainError } from '@millrace/kernel';
import { isCrowd, isLarge, isNearly, sum, type Attended, type LiveLimits, type Share } from '../../../domain/live/attended';
import type { Nearly } from './limit-news';
import type { Quota } from './quota';
import { crowded, tooManyOfYours, tooManyOnSocket, tooManySockets } from './refusals';

/** Somebody who comes. */
export interface Visit {
  /** Kind and id: who they are counted as. */
  readonly who: string;
  /** The workspace they follow; absent: what is their own. */
  readonly workspaceId?: string;
  /** What they come over. It counts once, however many workspaces they follow over it. */
  readonly connection: object;
}

/** The place that somebody has, until they leave it. */
export interface Seat extends Quota {
  leave(): void;
}

interface Person {
  /** How many seats they have over each of their connections. */
  readonly connections: Map<object, number>;
  subscriptions: number;
}

/**
 * Who is connected, and with how much. Limits hold over all instances as far as they have told each other: what the others have is known as
 * of some seconds ago, and their small shares are not known at all.
 */
export class Attendance {
  private readonly people = new Map<string, Person>();
  private readonly workspaces = new Map<string, number>();
  /** Workspaces that have nearly as many sockets, and people that have nearly as many subscriptions as they may, as far as somebody was told. */
  private readonly filling = new Set<string>();
  private others: readonly Attended[] = [];

  constructor(
    private readonly limits: LiveLimits,
    /** Is told of each refusal. */
    private readonly onRefused: (code: string) => void,
    /** Is told when a workspace comes to have four fifths of the sockets it may, or somebody in it of the subscriptions. */
    private readonly onNearly: (nearly: Nearly) => void = () => undefined,
  ) {}

  /** A seat for a socket or a stream. Refuses with `events.too_many_sockets`, `events.workspace_crowded`. */
  enter(visit: Visit): Seat {
    const { socketsPerUser, socketsPerWorkspace } = this.limits;
    const { who, workspaceId, connection } = visit;
    const person = this.people.get(who) ?? { connections: new Map<object, number>(), subscriptions: 0 };
    if (!person.connections.has(connection) && this.shareOf(who).sockets >= socketsPerUser) this.refuse(tooManySockets(socketsPerUser));
    if (workspaceId !== undefined && this.socketsIn(workspaceId) >= socketsPerWorkspace) this.refuse(crowded(socketsPerWorkspace));
    this.people.set(who, person);
    person.connections.set(connection, (person.connections.get(connection) ?? 0) + 1);
    if (workspaceId !== undefined) this.take(workspaceId);
    return this.seatOf(visit, person);
  }

  /** What the other instances are to know. */
  told(): Attended {
    const shares = [...this.people].map(([who, person]) => [who, shareIn(person)] as const);
    return {
      people: Object.fromEntries(shares.filter(([, share]) => isLarge(share, this.limits))),
      workspaces: Object.fromEntries([...this.workspaces].filter(([, sockets]) => isCrowd(sockets, this.limits))),
    };
  }

  /** What the other instances have told, all of them. */
  hear(others: readonly Attended[]): void {
    this.others = others;
  }

  /** Tells of a workspace once that it fills, until it has emptied again. */
  private take(workspaceId: string): void {
    this.workspaces.set(workspaceId, (this.workspaces.get(workspaceId) ?? 0) + 1);
    const [used, most] = [this.socketsIn(workspaceId), this.limits.socketsPerWorkspace];
    if (!isNearly(used, most) || this.filling.has(workspaceId)) return;
    this.filling.add(workspaceId);
    this.onNearly({ workspaceId, limit: 'sockets', used, most });
  }

  /** Tells the workspace that somebody follows once that they nearly have what they may, until they have less again. */
  private weigh({ who, workspaceId }: Visit): void {
    const [used, most] = [this.shareOf(who).subscriptions, this.limits.subscriptionsPerUser];
    if (!isNearly(used, most)) this.filling.delete(who);
    else if (workspaceId !== undefined && !this.filling.has(who)) {
      this.filling.add(who);
      this.onNearly({ workspaceId, limit: 'subscriptions', who, used, most });
    }
  }

  private seatOf(visit: Visit, person: Person): Seat {
    let own = 0;
    let isTaken = true;
    const count = (by: 1 | -1): void => {
      if (!isTaken) return;
      own += by;
      person.subscriptions += by;
      this.weigh(visit);
    };
    return {
      demand: () => this.demandOneMore(visit.who, own),
      add: () => count(1),
      remove: () => count(-1),
      leave: () => {
        if (!isTaken) return;
        person.subscriptions -= own;
        isTaken = false;
        this.weigh(visit);
        this.vacate(visit, person);
      },
    };
  }

  private demandOneMore(who: string, own: number): void {
    const { subscriptionsPerSocket, subscriptionsPerUser } = this.limits;
    if (own >= subscriptionsPerSocket) this.refuse(tooManyOnSocket(subscriptionsPerSocket));
    if (this.shareOf(who).subscriptions >= subscriptionsPerUser) this.refuse(tooManyOfYours(subscriptionsPerUser));
  }

  private vacate({ who, workspaceId, connection }: Visit, person: Person): void {
    lessen(person.connections, connection);
    if (person.connections.size === 0) this.people.delete(who);
    if (workspaceId === undefined) return;
    lessen(this.workspaces, workspaceId);
    if (!isNearly(this.socketsIn(workspaceId), this.limits.socketsPerWorkspace)) this.filling.delete(workspaceId);
  }

  private shareOf(who: string): Share {
    const person = this.people.get(who);
    return sum([...this.others.map(({ people }) => people[who]), ...(person === undefined ? [] : [shareIn(person)])]);
  }

  private socketsIn(workspaceId: string): number {
    return this.others.reduce((all, { workspaces }) => all + (workspaces[workspaceId] ?? 0), this.workspaces.get(workspaceId) ?? 0);
  }

  private refuse(refusal: DomainError): never {
    this.onRefused(refusal.code);
    throw refusal;
  }
}

function shareIn({ connections, subscriptions }: Person): Share {
  return { sockets: connections.size, subscriptions };
}

function lessen<K>(counts: Map<K, number>, key: K): void {
  const count = counts.get(key) ?? 0;
  if (count > 1) counts.set(key, count - 1);
  else counts.delete(key);
}
