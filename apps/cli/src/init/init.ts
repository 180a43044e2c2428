import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { kindAt, pathFrom } from '../folder/disk';
import { misused, Refused } from '../refused';
import type { Perform } from '../usage/command';
import { newWorkspace } from './files';

const SLUG = /^[a-z][a-z0-9-]{1,38}[a-z0-9]$/;

/** `millrace init`: writes a new workspace into a folder, and nothing over what stands there. */
export const performInit: Perform = async (invocation, { folder, output, notes }) => {
  const [path = '.'] = invocation.operands;
  const root = resolve(folder, path);
  const slug = basename(root);
  if (!SLUG.test(slug)) {
    throw misused(`\`${slug}\` cannot be the short name of a workspace.`, 'name the folder with a–z, 0–9 and dashes: millrace init hello');
  }
  const files = Object.entries(newWorkspace(slug));
  const there = files.find(([file]) => kindAt(join(root, file)) !== undefined);
  if (there !== undefined) {
    const place = pathFrom(folder, join(root, there[0]));
    throw new Refused('cli.something_there', 'conflict', `${place} is there already.`, 'take another folder: millrace init hello');
  }
  for (const [file, text] of files) {
    const place = join(root, file);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
    output.write(`${pathFrom(folder, place)}\n`);
  }
  if (!invocation.on('quiet')) notes.write(`Next: ${path === '.' ? '' : `cd ${path} && `}millrace test\n`);
  return 0;
};
