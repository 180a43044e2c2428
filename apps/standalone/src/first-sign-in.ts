import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FirstSignIn } from '@millrace/gateway';

/** Keeps the first password beside the data it opens, for this user alone, so that the first commands can read it. Answers the file. */
export function keepFirstSignIn(folder: string, { password }: FirstSignIn): string {
  const file = join(folder, 'first-password');
  writeFileSync(file, password, { mode: 0o600 });
  return file;
}
