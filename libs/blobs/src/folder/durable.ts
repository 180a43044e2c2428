import { mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

const ATTEMPTS = 10;

/** Moves a file to its place so that it is there after a power cut: makes the folders on the way and syncs every folder that changed. */
export async function place(from: string, to: string): Promise<void> {
  const made = await moveInto(from, to);
  await syncFolder(dirname(to));
  if (made === undefined) return;
  for (let folder = dirname(dirname(to)); folder.length >= dirname(made).length; folder = dirname(folder)) await syncFolder(folder);
}

/** Removes a file durably, and the folders that it leaves empty, up to `root`. Absent already is fine. */
export async function remove(path: string, root: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
  try {
    for (let folder = dirname(path); folder !== root; folder = dirname(folder)) await rmdir(folder);
  } catch {
    // Not empty, or gone already: either way nothing is left to tidy.
  }
}

/** Whether a file operation failed because nothing was there. */
export function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

/** Answers the topmost folder that had to be made. Tries again when the folder is tidied away between its making and the move. */
async function moveInto(from: string, to: string, attempt = 1): Promise<string | undefined> {
  try {
    const made = await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
    return made;
  } catch (error) {
    if (!isMissing(error) || attempt === ATTEMPTS) throw error;
    return moveInto(from, to, attempt + 1);
  }
}

async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
