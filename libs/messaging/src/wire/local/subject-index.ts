import { isOpenSubject, subjectMatcher } from '../subject-pattern';

/** How many subjects' routes are remembered; beyond it they are worked out anew. */
const REMEMBERED = 4096;

interface Member<T> {
  readonly group: string | undefined;
  readonly matches: (subject: string) => boolean;
  readonly value: T;
}

/** The members of one queue group that a subject reaches, each in its turn. */
export class QueueGroup<T> {
  #turn: number;

  constructor(
    readonly members: readonly T[],
    firstTurn: number,
  ) {
    this.#turn = firstTurn % members.length;
  }

  next(): T | undefined {
    const member = this.members[this.#turn];
    this.#turn = this.#turn + 1 === this.members.length ? 0 : this.#turn + 1;
    return member;
  }
}

/** Who is reached by a subject. Remembers the answer, so a second message on a subject costs one map lookup. */
export class SubjectIndex<T> {
  readonly #exact = new Map<string, Set<Member<T>>>();
  readonly #open = new Set<Member<T>>();
  readonly #routes = new Map<string, readonly QueueGroup<T>[]>();
  #firstTurn = 0;

  /** Without a `group` the member gets every message. Returns how to take it out again. */
  add(pattern: string, group: string | undefined, value: T): () => void {
    const member = { group, matches: subjectMatcher(pattern), value };
    const home = isOpenSubject(pattern) ? this.#open : this.#exactHome(pattern);
    home.add(member);
    this.#routes.clear();
    return () => {
      home.delete(member);
      if (home.size === 0) this.#exact.delete(pattern);
      this.#routes.clear();
    };
  }

  /** The queue groups a message on this subject goes to, one member of each. */
  route(subject: string): readonly QueueGroup<T>[] {
    const known = this.#routes.get(subject);
    if (known !== undefined) return known;
    if (this.#routes.size >= REMEMBERED) this.#routes.clear();
    const route = this.#groupsOf(subject);
    this.#routes.set(subject, route);
    return route;
  }

  #exactHome(subject: string): Set<Member<T>> {
    const home = this.#exact.get(subject) ?? new Set();
    this.#exact.set(subject, home);
    return home;
  }

  #groupsOf(subject: string): readonly QueueGroup<T>[] {
    const groups = new Map<unknown, T[]>();
    const admit = (member: Member<T>): void => {
      const name = member.group ?? member;
      groups.set(name, [...(groups.get(name) ?? []), member.value]);
    };
    this.#exact.get(subject)?.forEach(admit);
    for (const member of this.#open) if (member.matches(subject)) admit(member);
    return [...groups.values()].map((members) => new QueueGroup(members, this.#firstTurn++));
  }
}
