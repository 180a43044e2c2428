import type { JsonMap } from '@millrace/kernel';
import { instantFrom } from '../time/instant';
import { ownOf } from '../values/value';

/** What is fixed in the offline world. */
export interface OfflineSettings {
  readonly now: number;
  readonly seed: string;
  readonly timeZone: string;
  readonly locale: string;
  readonly prisme: boolean;
}

export const OFFLINE = {
  workspaceId: 'ws_offline',
  userId: 'usr_offline',
  sessionId: 'ses_offline',
  correlationId: 'cor_offline',
  run: 'run_offline',
};

/** The settings of a case: a fixed time, seed, zone and language unless it says otherwise. */
export function settingsOf(value: JsonMap): OfflineSettings {
  const { seed, timeZone, locale, compat } = value;
  return {
    now: instantFrom(ownOf(value, 'now')) ?? Date.UTC(2026, 0, 1),
    seed: typeof seed === 'string' ? seed : 'offline',
    timeZone: typeof timeZone === 'string' ? timeZone : 'UTC',
    locale: typeof locale === 'string' ? locale : 'en',
    prisme: compat === 'prisme',
  };
}
