import { dirname, join } from 'node:path';
import { entriesOf, kindAt, pathFrom } from './disk';
import { holdsParts, roleOf } from './layout';

const MANIFESTS = ['workspace.yaml', 'workspace.yml', 'workspace.json', 'runtime.yml', 'runtime.yaml'];

/** Whether a folder is a workspace: it has a `workspace.yaml`, automations, or the `runtime.yml` that is a whole one of Prisme.ai. */
export function isWorkspace(folder: string): boolean {
  return MANIFESTS.some((name) => kindAt(join(folder, name)) === 'file') || kindAt(join(folder, 'automations')) === 'folder';
}

/** The workspace that a file is a part of by its place. */
export function workspaceOfFile(file: string): string | undefined {
  return above(file).find((folder) => roleOf(pathFrom(folder, file)) !== undefined && isWorkspace(folder));
}

/** The workspace that a folder is, or holds parts of. */
export function workspaceOfFolder(folder: string): string | undefined {
  if (isWorkspace(folder)) return folder;
  return above(folder).find((one) => holdsParts(pathFrom(one, folder)) && isWorkspace(one));
}

/** The workspaces below a folder that is none itself. */
export function workspacesBelow(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .flatMap((inner) => (isWorkspace(inner) ? [inner] : workspacesBelow(inner)));
}

function above(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...above(parent)];
}
