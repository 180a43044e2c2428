import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lets more sign-ins begin than people make: those of a whole spec come from one address. Answers the settings of a gateway that reads it. */
export function manySignIns(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, 'gateway.yaml');
  writeFileSync(file, 'limits:\n  sign-in: 600/min\n  password: 600/min\n');
  return { MILLRACE_GATEWAY_FILE: file };
}
