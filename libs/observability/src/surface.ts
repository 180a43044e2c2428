/** One thing a service answers. */
export interface ShownRoute {
  /** HTTP method and path, or `CALL` and the subject on the bus. */
  readonly method: string;
  readonly path: string;
  /** Who may: `<action> <subject>`, `me`, `public`, `service`, or a word of the route's own. */
  readonly permission?: string;
}

/** Answers a question of operators: anything that can be written as JSON. */
export type AnswerOperators = (query: URLSearchParams) => unknown;

/** What a service answers, as it says itself while it starts: shown on the admin port. */
export class Surface {
  private readonly routes = new Map<string, ShownRoute>();
  private readonly questions = new Map<string, AnswerOperators>();

  /** Adds a route; one that is added again is what it was said to be last. */
  add(route: ShownRoute): void {
    this.routes.set(`${route.method} ${route.path}`, route);
  }

  /** From now on operators can ask it on the admin port: `GET /sys/<service>/<question>`. */
  answer(question: string, answer: AnswerOperators): void {
    this.questions.set(question, answer);
  }

  /** Who answers a question; undefined: nobody. */
  questionNamed(question: string): AnswerOperators | undefined {
    return this.questions.get(question);
  }

  /** All of them, by path. */
  list(): readonly ShownRoute[] {
    return [...this.routes.values()].sort((a, b) => (a.path === b.path ? compare(a.method, b.method) : compare(a.path, b.path)));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
