import { join } from 'node:path';
import { importArchive } from '@millrace/language';
import type { Known, SourceText, WorkspaceSources } from '@millrace/language';
import { parsed } from '../data/read';
import { isMap } from '../data/value';
import { textOf } from './disk';
import type { Role } from './layout';
import type { Part } from './target';

/** The texts of a workspace on disk, for the language. */
export function sourcesOf({ root, files }: Part): WorkspaceSources {
  const texts = (role: Role): readonly SourceText[] =>
    files.filter((one) => one.role === role).map(({ file }) => ({ file, text: textOf(join(root, file), file) }));
  const [workspace] = [...texts('workspace'), ...texts('index').flatMap(asWorkspace)];
  return { automations: texts('automation'), events: texts('event'), ...(workspace === undefined ? {} : { workspace }) };
}

/** The `workspace.yaml` that an `index.yml` of Prisme.ai stands for, under the name that the author knows. */
function asWorkspace({ file, text }: SourceText): readonly SourceText[] {
  const converted = importArchive({ 'index.yml': text }).files['workspace.yaml'];
  return converted === undefined ? [] : [{ file, text: converted }];
}

/** What the folder says of things outside its documents: the names of secrets, if it lists them. */
export function knownAt({ root, files }: Part): Known {
  const list = files.find(({ role }) => role === 'secrets')?.file;
  return list === undefined ? {} : { secrets: namesIn(parsed(textOf(join(root, list), list), list)) };
}

/** The keys of a map, or the items of a list. */
function namesIn(data: unknown): readonly string[] {
  if (Array.isArray(data)) return data.map(String);
  return isMap(data) ? Object.keys(data) : [];
}
