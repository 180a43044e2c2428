/** The seven reasons to refuse, as everywhere in Millrace. */
export type Refusal = 'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'exhausted' | 'unavailable';

/** What a program that calls us sees of a refusal. 1 is left to the thing itself that failed, 8 to faults, ours and those of a server. */
const EXIT_CODES: Readonly<Record<Refusal | 'fault', number>> = {
  invalid: 2,
  'not-found': 3,
  unauthenticated: 4,
  forbidden: 4,
  conflict: 5,
  exhausted: 6,
  unavailable: 7,
  fault: 8,
};

/** A refusal as a person is told of it. */
export interface Told {
  readonly code: string;
  readonly refusal: Refusal | 'fault';
  readonly message: string;
  /** What to do about it. */
  readonly next?: string | undefined;
  /** By what the server finds it in its log, and where it explains the code. */
  readonly found?: string | undefined;
}

/** The command cannot do what it was asked. The message says what happened and where, `next` what to do. */
export class Refused extends Error implements Told {
  override readonly name = 'Refused';

  constructor(
    readonly code: string,
    readonly refusal: Refusal | 'fault',
    message: string,
    readonly next?: string,
    readonly found?: string,
  ) {
    super(message);
  }
}

/** A command that was written wrong: exit code 2. */
export function misused(message: string, next: string): Refused {
  return new Refused('cli.usage', 'invalid', message, next);
}

/** A thrown refusal, ours or one of the language; undefined for a fault. */
export function toldOf(error: unknown): Told | undefined {
  if (error instanceof Refused) return error;
  if (!(error instanceof Error) || !('code' in error) || !('refusal' in error)) return undefined;
  const { code, refusal, message } = error;
  return typeof code === 'string' && isRefusal(refusal) ? { code, refusal, message } : undefined;
}

/** The exit code for a refusal. */
export function exitCodeOf({ refusal }: Told): number {
  return EXIT_CODES[refusal];
}

function isRefusal(value: unknown): value is Refusal | 'fault' {
  return typeof value === 'string' && Object.hasOwn(EXIT_CODES, value);
}
