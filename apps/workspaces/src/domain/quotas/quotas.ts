import { DomainError } from '@millrace/kernel';
import { automationSlug, type Draft } from '../draft';
import { eventTypeName } from '../event-types/event-type';

/** What there may be so much of in a draft. */
export type QuotaName = 'automations' | 'event-types';

/** The most, by name. */
export type Limits = Readonly<Record<QuotaName, number>>;

/** What was set for one workspace; what is not named is as for all. */
export interface SetQuotas {
  readonly workspaceId: string;
  readonly limits: Partial<Limits>;
  /** Who set them last, and when; absent: nobody did. */
  readonly updatedBy?: string;
  readonly updatedAt?: number;
}

/** What holds for every workspace for which nothing else was set. */
export const PLATFORM_LIMITS: Limits = { automations: 2_000, 'event-types': 500 };

/** Parts of a quota from which on it is told that it fills. */
const WARNED = 0.8;

export function usageOf({ files }: Draft): Limits {
  const paths = Object.keys(files);
  const count = (isOne: (path: string) => boolean): number => paths.filter(isOne).length;
  return {
    automations: count((path) => automationSlug(path) !== undefined),
    'event-types': count((path) => eventTypeName(path) !== undefined),
  };
}

/** Refuses a draft that has more of something than the one before, and more than it may. */
export function demandWithin(before: Draft, after: Draft, limits: Limits): void {
  for (const { name, used, limit } of grown(before, after, limits)) if (used > limit) throw quotaReached(name, limit);
}

/** Of what there is more than before, and now four fifths of what there may be. */
export function nearlyReached(before: Draft, after: Draft, limits: Limits): readonly Growth[] {
  return grown(before, after, limits).filter(({ was, used, limit }) => was < WARNED * limit && used >= WARNED * limit);
}

/** Something that there is more of. */
export interface Growth {
  readonly name: QuotaName;
  readonly was: number;
  readonly used: number;
  readonly limit: number;
}

function grown(before: Draft, after: Draft, limits: Limits): readonly Growth[] {
  const [old, now] = [usageOf(before), usageOf(after)];
  const names: readonly QuotaName[] = ['automations', 'event-types'];
  return names.map((name) => ({ name, was: old[name], used: now[name], limit: limits[name] })).filter(({ was, used }) => used > was);
}

function quotaReached(name: QuotaName, limit: number): DomainError {
  return new DomainError(
    'workspaces.quota_reached',
    'exhausted',
    `A workspace has at most ${limit} ${name.replace('-', ' ')}. Delete some first, or ask an operator of the platform for more.`,
    { facts: { quota: name, limit } },
  );
}
