import { join } from 'node:path';
import type { SourceText, WorkspaceSources } from '@millrace/language';
import { textOf } from './disk';
import { imported } from './imported';
import type { Role } from './layout';
import { asOneFile } from './one-file';
import type { Part } from './target';

/** The texts of a workspace on disk, for the language. */
export function sourcesOf(part: Part): WorkspaceSources {
  const whole = asOneFile(part);
  if (whole !== undefined) return whole.sources;
  const { root, files } = part;
  const texts = (role: Role): readonly SourceText[] =>
    files.filter((one) => one.role === role).map(({ file }) => ({ file, text: textOf(join(root, file), file) }));
  const [workspace] = [...texts('workspace'), ...texts('index').flatMap(asWorkspace)];
  const [installed] = texts('apps');
  return {
    automations: texts('automation'),
    events: texts('event'),
    ...(workspace === undefined ? {} : { workspace }),
    ...(installed === undefined ? {} : { installed }),
  };
}

/** The texts of sources that stand in files of a workspace. */
export function textsIn({ automations, workspace, installed, events = [] }: WorkspaceSources): readonly SourceText[] {
  return [workspace, installed, ...automations, ...events].filter((one) => one !== undefined);
}

/** The `workspace.yaml` that an `index.yml` of Prisme.ai stands for, under the name that the author knows. */
function asWorkspace({ file, text }: SourceText): readonly SourceText[] {
  const converted = imported({ 'index.yml': text }).files['workspace.yaml'];
  return converted === undefined ? [] : [{ file, text: converted }];
}
