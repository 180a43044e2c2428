import type { Json, JsonMap } from '@millrace/kernel';

/** Of a limit: how much is used up. */
export interface Use {
  readonly limit: string;
  readonly used: number;
  readonly most: number;
}

/** From which share of a limit on it is nearly reached. */
const SHARE = 0.8;

/** Whether more than four fifths of a limit are used up. */
export function isNearly({ used, most }: Pick<Use, 'used' | 'most'>): boolean {
  return used > most * SHARE;
}

/** What a run has used up of the limits that the language counts in its state; nothing of one that has not begun. */
export function usedBy(state: Json): Readonly<Record<'instructions' | 'effects', number>> {
  const counts = ((state as JsonMap | null)?.['counts'] ?? {}) as Partial<Record<'instructions' | 'effects', number>>;
  return { instructions: 0, effects: 0, ...counts };
}
