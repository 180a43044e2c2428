import { decodePart } from '../door/path';

const WORKSPACE = /^\/(?:v1\/workspaces|e)\/([^/:?]+)/;

/** The workspace that a path names, by id or slug; undefined: none. */
export function workspaceIn(path: string): string | undefined {
  const name = WORKSPACE.exec(path)?.[1];
  return name === undefined ? undefined : decodePart(name);
}
