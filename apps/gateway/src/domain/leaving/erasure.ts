/** The services that keep something of people, and say when they have erased it. */
export const ERASING = ['workspaces', 'events', 'runtime'] as const;

/** What a service says of what it erased. */
export interface Erased {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How many of what. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The erasure of one person: what is to be done, and what was done. Times are milliseconds since 1970. */
export interface Erasure {
  /** Absent once all have erased: nothing is left that names the person. */
  readonly user?: string;
  /** Who wished it: the person, or whoever removed the account at the identity provider. */
  readonly by: 'person' | 'provider';
  readonly beganAt: number;
  /** When the account was gone and all services were told. */
  readonly announcedAt?: number;
  /** By service. */
  readonly erased: Readonly<Record<string, Erased>>;
  readonly finishedAt?: number;
}

export type ErasureState = 'leaving' | 'erasing' | 'erased';

export function beginErasure(user: string, by: Erasure['by'], now: number): Erasure {
  return { user, by, beganAt: now, erased: {} };
}

/** The account is gone, and the services know. Said again it changes nothing. */
export function announced(erasure: Erasure, now: number): Erasure {
  return erasure.announcedAt === undefined ? { ...erasure, announcedAt: now } : erasure;
}

/** One service has erased. The first word of each counts; with the last one the person is forgotten here too. */
export function erasedBy(erasure: Erasure, service: string, erased: Erased): Erasure {
  if (erasure.erased[service] !== undefined) return erasure;
  const next = { ...erasure, erased: { ...erasure.erased, [service]: erased } };
  if (!ERASING.every((each) => next.erased[each] !== undefined)) return next;
  const { user: _, ...nameless } = next;
  return { ...nameless, finishedAt: erased.at };
}

export function stateOf({ announcedAt, finishedAt }: Erasure): ErasureState {
  if (finishedAt !== undefined) return 'erased';
  return announcedAt === undefined ? 'leaving' : 'erasing';
}
