import { join } from 'node:path';
import { ClusterVictim } from './cluster.mjs';
import { SmallDisk } from './small-disk.mjs';
import { StandaloneVictim } from './standalone.mjs';

/** MiB of a disk that is to be filled. */
const DISK = 512;

/**
 * Starts what is to be hurt.
 * @param {import('../chaos.mjs').Plan} plan
 * @param {string} folder for what one process keeps
 * @returns {Promise<import('./victim.mjs').Victim>}
 */
export async function startVictim({ platform, harms }, folder) {
  if (platform === 'cluster') return ClusterVictim.start();
  if (!harms.includes('disk')) return StandaloneVictim.start(folder);
  const disk = SmallDisk.at(folder, DISK);
  return StandaloneVictim.start(join(folder, 'data'), { disk });
}
