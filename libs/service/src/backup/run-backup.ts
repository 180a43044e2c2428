import { DomainError } from '@millrace/kernel';
import { processSettings } from '../settings/process-settings';
import type { Environment } from '../settings/settings';
import { backUp, type Backup } from './back-up';

/**
 * What `npm run backup -- <folder>` does, and prints: copies the data folder that the environment names, whether or not a process is at
 * work there. Refuses as `backUp`, and with `backup.folder_missing`.
 */
export async function runBackup([to = '']: readonly string[], environment: Environment): Promise<string> {
  if (to === '') throw new DomainError('backup.folder_missing', 'invalid', 'Name a new folder for the copy: npm run backup -- <folder>');
  const { data, platform } = processSettings(environment, []);
  if (platform === 'cluster') throw kindOfData();
  return summary(await backUp({ data, to }), data, to);
}

function summary({ takenAt, heldFor, databases, blobs }: Backup, data: string, to: string): string {
  const sizes = Object.values(databases);
  const megabytes = (sizes.reduce((sum, size) => sum + size, blobs.bytes) / 1_000_000).toFixed(1);
  return `
  ${to} is ${data} as it was at ${takenAt}: ${megabytes} MB in ${sizes.length} databases and ${blobs.files} blobs.
  Who wrote waited ${heldFor} ms. It holds all secrets, and what opens them unless MILLRACE_MASTER_KEY is set: keep it as one.
  To go on from it, copy it into an empty folder and start with MILLRACE_DATA naming that: docs/guide/backup.md.

`;
}

function kindOfData(): DomainError {
  const message = 'MILLRACE_PLATFORM is cluster: its data are in servers. docs/guide/cluster.md says how they are backed up.';
  return new DomainError('backup.of_servers', 'invalid', message);
}
