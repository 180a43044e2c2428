import { fileURLToPath } from 'node:url';

/** A gateway file with limits that no journey comes near: those that are about limits bring one of their own. */
export const NO_LIMITS = fileURLToPath(new URL('../no-limits.yaml', import.meta.url));
