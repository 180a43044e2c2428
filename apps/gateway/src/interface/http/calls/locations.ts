import type { WrittenAnswer } from '../transcoding/answer-writer';
import type { CallRoute } from './call-route';

/** Where the thing that a route makes can be read: the same path and its own name. */
export class Locations {
  private readonly named: ReadonlyMap<string, 'id' | 'slug'>;

  constructor(routes: readonly CallRoute[]) {
    this.named = new Map(
      routes.flatMap(({ verb, path }) => {
        const [, parent, name] = /^(.*)\/\{(\w+)\}$/.exec(path) ?? [];
        return verb === 'get' && parent !== undefined ? [[parent, name === 'slug' ? 'slug' : 'id'] as const] : [];
      }),
    );
  }

  /** Path of what was answered to a request of `path`; undefined when no route shows it. */
  of(route: CallRoute, path: string, answer: WrittenAnswer): string | undefined {
    const kind = answer.status === 201 ? this.named.get(route.path) : undefined;
    const name = kind === undefined ? undefined : answer[kind];
    return name === undefined ? undefined : `${path}/${encodeURIComponent(name)}`;
  }
}
