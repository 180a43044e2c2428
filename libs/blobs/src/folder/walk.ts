import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './durable';

/** What follows a key in the name of its file. No key has it, so the key `a` and the folder of the key `a/b` can stand side by side. */
export const SUFFIX = '~';

interface Place {
  /** The key, or for a folder what its keys start with. */
  readonly name: string;
  readonly folder: boolean;
}

/** The keys in a folder and below, in order, that start with `prefix` and come after `after`; `base` is what all of them start with. */
export async function* walk(root: string, base: string, prefix: string, after: string): AsyncGenerator<string> {
  for (const { name, folder } of await placesIn(root, base)) {
    if (!folder) {
      if (name.startsWith(prefix) && name > after) yield name;
    } else if ((name.startsWith(prefix) || prefix.startsWith(name)) && (name > after || after.startsWith(name))) {
      yield* walk(root, name, prefix, after);
    }
  }
}

async function placesIn(root: string, base: string): Promise<readonly Place[]> {
  try {
    const entries = await readdir(join(root, base), { withFileTypes: true });
    const places = entries.map((entry) =>
      entry.isDirectory() ? { name: `${base}${entry.name}/`, folder: true } : { name: `${base}${entry.name.slice(0, -1)}`, folder: false },
    );
    return places.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
