import type { Environment } from './settings/settings';

/** The environment of this process, as it was at its start. The one place that reads it. */
export function environment(): Environment {
  return { ...process.env };
}
