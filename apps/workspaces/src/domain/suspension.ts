/** What may stand still in a workspace, each by itself. */
export const FREEZES = ['schedules', 'endpoints', 'events'] as const;
export type Freeze = (typeof FREEZES)[number];

/** Why something stands still in a workspace. */
export interface Suspension {
  readonly reason: string;
  /** Who said so, and when (milliseconds since 1970). */
  readonly by: string;
  readonly at: number;
  /** The platform's operators did: the workspace's own people cannot take it back. */
  readonly isOperators: boolean;
}
