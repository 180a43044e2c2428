import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CLASSES = ['read', 'write', 'search', 'aggregate', 'export', 'import', 'emit', 'endpoint', 'socket', 'upload', 'credential'];
const STRICT = ['anonymous', 'sign-in', 'password', 'wrong-key', 'page', 'realm', 'sign-out'];

/** Lets a Millrace with this data folder take as many requests as a battery sends: its limits are for tests of limits. */
export function setGenerousLimits(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const limits = [...CLASSES, ...STRICT].map((name) => `  ${name}: 1000000/min`);
  writeFileSync(join(folder, 'gateway.yaml'), `limits:\n${limits.join('\n')}\n`);
}
