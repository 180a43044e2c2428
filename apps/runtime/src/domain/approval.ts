import type { Json, JsonMap, Principal } from '@millrace/kernel';

/** What people were asked by a run, and what came of it. Times are milliseconds since 1970. */
export interface Approval {
  readonly id: string;
  readonly workspaceId: string;
  readonly run: string;
  readonly automation: string;
  /** The id of the effect whose outcome the answer is. */
  readonly effect: string;
  readonly title: string;
  readonly message?: string;
  readonly to: { readonly users: readonly string[]; readonly roles: readonly string[]; readonly topic?: string };
  /** Users who may not decide. */
  readonly except: readonly string[];
  readonly choices: readonly string[];
  /** JSON Schema of what an answer holds. */
  readonly form?: Json;
  readonly askedAt: number;
  /** Until when an answer is taken. */
  readonly until: number;
  /** Milliseconds after which people are told again. */
  readonly remind?: number;
  /** How often they were. */
  readonly reminded: number;
  readonly answer?: ApprovalAnswer;
  /** Who answered, as the log knows them; absent: nobody has. */
  readonly answerer?: Pick<Principal, 'kind' | 'id' | 'onBehalfOf'>;
}

export interface ApprovalAnswer {
  readonly decision: string;
  /** The id of who decided. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly form: JsonMap;
}

/** `asked`: an answer is waited for. `expired`: nobody answered in time. */
export type ApprovalState = 'asked' | 'answered' | 'expired';

export function stateOf({ answer, until }: Approval, now: number): ApprovalState {
  if (answer !== undefined) return 'answered';
  return until <= now ? 'expired' : 'asked';
}

/** Whether somebody was asked, by name or by one of their roles. Who was not may still have a right to decide; who is in `except` has none. */
export function isAsked({ to, except }: Approval, { id }: Principal, roles: readonly string[]): boolean {
  if (to.users.includes(id)) return true;
  return !except.includes(id) && to.roles.some((role) => roles.includes(role));
}

/** The approval that an effect asks for. */
export function approvalOf(
  request: JsonMap,
  names: Pick<Approval, 'id' | 'workspaceId' | 'run' | 'automation' | 'effect' | 'askedAt'>,
): Approval {
  const { title, message, to, except, choices, form, until, remind } = request;
  const { topic } = mapOf(to);
  return {
    ...names,
    title: typeof title === 'string' ? title : '',
    to: { users: texts(mapOf(to)['users']), roles: texts(mapOf(to)['roles']), ...(typeof topic === 'string' ? { topic } : {}) },
    except: texts(mapOf(except)['users']),
    choices: texts(choices),
    until: Number(until),
    reminded: 0,
    ...(typeof message === 'string' ? { message } : {}),
    ...(form === undefined || form === null ? {} : { form }),
    ...(typeof remind === 'number' && remind > 0 ? { remind } : {}),
  };
}

function mapOf(value: Json | undefined): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
