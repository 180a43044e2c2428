/** A slug that a workspace had, and goes on to answer to for a while. */
export interface SlugAlias {
  readonly slug: string;
  readonly workspaceId: string;
  /** Until when (milliseconds since 1970). */
  readonly until: number;
}

/** Milliseconds for which a former slug answers. */
const ANSWERS_FOR = 90 * 86_400_000;

export function aliasOf({ id, slug }: { readonly id: string; readonly slug: string }, now: number): SlugAlias {
  return { slug, workspaceId: id, until: now + ANSWERS_FOR };
}

/** Whether it answers still. */
export function answers({ until }: SlugAlias, now: number): boolean {
  return now < until;
}
