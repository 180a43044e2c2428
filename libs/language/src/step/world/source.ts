import type { Json, JsonMap } from '@millrace/kernel';
import type { Branch } from '../threads/branch';

/** Where an event of this run comes from, as automations see it. */
export function sourceOf(branch: Branch): JsonMap {
  const { begin, identity } = branch.machine.state;
  const { instance, slug, app } = branch.automation;
  const source: Record<string, Json | undefined> = {
    workspaceId: begin.workspaceId,
    correlationId: begin.correlationId,
    sessionId: identity.sessionId,
    userId: identity.userId,
    socketId: identity.socketId,
    ip: identity.ip,
    automationSlug: instance === '' ? slug : slug.slice(instance.length + 1),
    appSlug: app,
    appInstanceFullSlug: instance === '' ? undefined : instance,
    run: begin.run,
  };
  return Object.fromEntries(Object.entries(source).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
