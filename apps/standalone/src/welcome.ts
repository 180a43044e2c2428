import type { FirstSignIn } from '@millrace/gateway';

export interface Welcome {
  /** Where the gateway answers. */
  readonly url: string;
  readonly adminUrl: string;
  /** Milliseconds from the start of the process to now. */
  readonly milliseconds: number;
  /** How the first person gets in; only at the first start. */
  readonly firstSignIn?: FirstSignIn;
  /** The file that keeps its password. */
  readonly keptIn?: string;
}

/** What a start prints: where it listens, a first sign-in, and the next thing to type. */
export function welcome({ url, adminUrl, milliseconds, firstSignIn, keptIn = '' }: Welcome): string {
  const first =
    firstSignIn === undefined
      ? []
      : [
          `  Sign in as "${firstSignIn.username}" with the password ${firstSignIn.password}`,
          `  It is shown once; ${keptIn} keeps it for you.`,
          '',
        ];
  const lines = [
    '',
    `  Millrace listens at ${url} – ready after ${milliseconds} ms. Health and metrics: ${adminUrl}`,
    '',
    ...first,
    `  Next, in another terminal:  curl ${url}/healthz`,
    '  and then "First minutes" in README.md: sign in, create a workspace, publish an automation, call it.',
    '  Ctrl-C stops; what was accepted is kept.',
    '',
    '',
  ];
  return lines.join('\n');
}
