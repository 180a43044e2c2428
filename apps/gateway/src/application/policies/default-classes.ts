import type { Turn } from '../../domain/policies/pressure';
import { rateOf, type Rate } from '../../domain/policies/rate';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Milliseconds until the caller of a route is answered. */
export const DEFAULT_TIMEOUT = 30 * SECOND;

/** Rates of a class by whom they count; `caller` is the principal, else the address. */
export interface ClassRates {
  readonly caller?: Rate | undefined;
  readonly principal?: Rate | undefined;
  readonly address?: Rate | undefined;
  readonly user?: Rate | undefined;
  readonly workspace?: Rate | undefined;
}

/** A class before its limits have names. */
export interface DescribedClass {
  readonly rates: ClassRates;
  /** How early it is refused under overload; absent: never. */
  readonly turn?: Turn;
  readonly timeout?: number;
  readonly strict?: boolean;
  /** Milliseconds for which nothing is admitted once a limit is overrun. */
  readonly closes?: number;
}

const aMinute = (limit: number): Rate => rateOf(limit, MINUTE);
const aSecond = rateOf(200, SECOND);

/** The classes of requests, and what holds for each where no operator says otherwise (`api.md` §6). */
export const DEFAULT_CLASSES: Readonly<Record<string, DescribedClass>> = {
  read: { rates: { caller: aMinute(600) }, turn: 2 },
  write: { rates: { caller: aMinute(300) }, turn: 3 },
  search: { rates: { caller: aMinute(120) }, turn: 1 },
  aggregate: { rates: { caller: aMinute(120) }, turn: 1 },
  export: { rates: { caller: aMinute(6) }, turn: 1 },
  import: { rates: { caller: aMinute(6) }, turn: 1 },
  emit: { rates: { caller: aMinute(3_000), workspace: aSecond }, turn: 4 },
  endpoint: { rates: { principal: aMinute(600), address: aMinute(60), workspace: aSecond }, turn: 4 },
  poll: { rates: { caller: aMinute(3_000) }, turn: 2 },
  socket: { rates: { caller: aMinute(30) }, turn: 4 },
  upload: { rates: { caller: aMinute(50) }, turn: 3 },
  credential: { rates: { caller: aMinute(10) }, turn: 3, strict: true },
  anonymous: { rates: { address: aMinute(10) }, turn: 4, strict: true },
  'sign-in': { rates: { address: aMinute(10) }, strict: true },
  // Names and passwords at the embedded provider: who begins to sign in uses up none of their tries.
  password: { rates: { address: aMinute(10), user: aMinute(5) }, strict: true },
  'wrong-key': { rates: { address: aMinute(20) }, strict: true, closes: 10 * MINUTE },
  // Pages, documents and keys that need nobody to be known: how often is a matter of where from.
  page: { rates: { caller: aMinute(600) }, turn: 2 },
  realm: { rates: { caller: aMinute(600) } },
  'sign-out': { rates: { caller: aMinute(300) } },
  health: { rates: {} },
};
