import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Halt } from '../../launch/halt.mjs';

const MIB = 1024 * 1024;
const FILLER = 'filler-';

/** A disk of its own, in memory, that can be filled. Needs the right to mount. */
export class SmallDisk {
  /**
   * Mounts one at a folder that is made for it.
   * @param {string} folder
   * @param {number} size MiB
   */
  static at(folder, size) {
    mkdirSync(folder, { recursive: true });
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'millrace-chaos', folder], { encoding: 'utf8' });
    if (status !== 0) throw new Halt(`A disk that can be filled needs the right to mount one (as root, on Linux): ${stderr}`);
    return new SmallDisk(folder);
  }

  #parts = 0;

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
  }

  /** There is no room any more. */
  fill() {
    try {
      while (this.room > 0) writeFileSync(join(this.folder, `${FILLER}${this.#parts++}`), Buffer.alloc(Math.min(this.room, MIB), 1));
    } catch (error) {
      // Somebody else took what was left.
      if (!isFull(error)) throw error;
    }
  }

  /** There is room again. */
  free() {
    while (this.#parts > 0) rmSync(join(this.folder, `${FILLER}${--this.#parts}`), { force: true });
  }

  get room() {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  end() {
    spawnSync('umount', ['-l', this.folder]);
  }
}

/** @param {unknown} error */
function isFull(error) {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}
