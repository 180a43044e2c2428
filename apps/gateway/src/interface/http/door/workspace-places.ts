import { decodePart } from './path';

const ENDPOINT = /^\/(?:v1\/workspaces\/([^/]+)\/webhooks|e\/([^/]+))\//;
const EVENTS_OR_FILE = /^\/v1\/workspaces\/([^/]+)\/(?:events(?:[:/].*)?|files\/[^/]+\/content)$/;

/** Whether an automation answers at the path. */
export function isEndpoint(path: string): boolean {
  return ENDPOINT.test(path);
}

/** The workspace (id or slug) that may open the path to pages of its choice: its endpoints, its events, the bytes of its files. */
export function workspaceOpening(path: string): string | undefined {
  const [, long, short] = ENDPOINT.exec(path) ?? EVENTS_OR_FILE.exec(path) ?? [];
  const workspace = long ?? short;
  return workspace === undefined ? undefined : decodePart(workspace);
}
