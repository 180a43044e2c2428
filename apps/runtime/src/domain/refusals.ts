import { DomainError } from '@millrace/kernel';
import type { Json } from '@millrace/kernel';
import type { Ended, Failure } from '@millrace/language';

/** The workspace runs nothing: it does not exist, or was never published. */
export function nothingRuns(workspace: string): DomainError {
  return new DomainError('runtime.nothing_published', 'not-found', `Nothing runs in a workspace "${workspace}". Publish a version first.`, {
    facts: { workspace },
  });
}

/** The workspace stands still, and its endpoints with it. */
export function endpointsFrozen(workspace: string): DomainError {
  return new DomainError(
    'runtime.workspace_suspended',
    'conflict',
    `The workspace "${workspace}" is suspended, and its endpoints answer nobody. Its owner or the platform's operators can start it again.`,
    { facts: { workspace } },
  );
}

/** The version that should run cannot be had; an older one is not run in its place. */
export function modelUnavailable(workspaceId: string, digest: string): DomainError {
  return new DomainError(
    'runtime.model_unavailable',
    'unavailable',
    `The version of workspace ${workspaceId} cannot be loaded at the moment. Try again in a few seconds.`,
    {
      facts: { workspaceId, digest },
    },
  );
}

/** No endpoint of the workspace answers that call. */
export function endpointMissing(method: string, path: string): DomainError {
  return new DomainError(
    'runtime.endpoint_not_found',
    'not-found',
    `No automation of this workspace answers ${method.toUpperCase()} "${path}".`,
    {
      facts: { method, path },
    },
  );
}

/** The endpoint wants to know who calls. */
export function signInNeeded(path: string): DomainError {
  return new DomainError(
    'runtime.sign_in_needed',
    'unauthenticated',
    `The endpoint "${path}" wants to know who calls. Send an access token.`,
    {
      facts: { path },
    },
  );
}

/** A failed run, as whoever waits for it is told. */
export function runFailed({ code, refusal, message, automation, step, line, column }: Failure, run: string): DomainError {
  const place =
    automation === undefined ? '' : ` (automation "${automation}"${line === undefined ? '' : `, line ${line}, column ${column ?? 1}`})`;
  const facts = { run, ...(automation === undefined ? {} : { automation }), ...(step === undefined ? {} : { step }) };
  return new DomainError(code, refusal, `${message}${place}`, { facts });
}

/** What the run gave to who waits for it. Throws how it failed, or that it was cancelled. */
export function outputOf(ended: Ended, run: string): Json {
  if ('error' in ended) throw runFailed(ended.error, run);
  if ('cancelled' in ended) throw runCancelled(run);
  return ended.output;
}

/** The run was cancelled before it had an answer. */
function runCancelled(run: string): DomainError {
  return new DomainError('runtime.cancelled', 'conflict', 'The run was cancelled before it answered.', { facts: { run } });
}

/** The call is one too many in a row of automations that call each other. */
export function tooDeep(path: string, most: number): DomainError {
  const message = `"${path}" was called by an automation that is number ${most} in a row of events and calls; ${most} are the most.`;
  return new DomainError('runtime.loop', 'exhausted', message, { facts: { path, most } });
}
