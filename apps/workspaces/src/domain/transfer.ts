import { DomainError } from '@millrace/kernel';
import type { Change, Workspace } from './workspace';

/** That a workspace may become somebody else's: the owner has said so, and the other one not yet. */
export interface Transfer {
  /** Id of the member who may take it. */
  readonly member: string;
  /** From then on they cannot any more (milliseconds since 1970). */
  readonly until: number;
}

/** Milliseconds in which whoever is offered a workspace may say yes. */
const OPEN = 7 * 86_400_000;

/** The workspace, offered to a member; to none but this one. */
export function offer(workspace: Workspace, member: string, { by, at }: Change): Workspace {
  return { ...workspace, transfer: { member, until: at + OPEN }, updatedAt: at, updatedBy: by };
}

/** The workspace, offered to nobody. */
export function withdraw(workspace: Workspace, { by, at }: Change): Workspace {
  const { transfer: _, ...kept } = workspace;
  return { ...kept, updatedAt: at, updatedBy: by };
}

/** The offer that somebody may still say yes to. */
export function openOffer({ transfer }: Workspace, now: number): Transfer | undefined {
  return transfer !== undefined && transfer.until > now ? transfer : undefined;
}

/**
 * The workspace, of the member it was offered to. One that stood still because its owner had left goes on. Refuses one that was not offered to
 * them, or not any more.
 */
export function handOver(workspace: Workspace, member: string, { by, at }: Change): Workspace {
  if (openOffer(workspace, at)?.member !== member) throw notOffered();
  const isBereft = workspace.state === 'suspended' && workspace.suspension === undefined;
  return { ...withdraw(workspace, { by, at }), owner: by, ...(isBereft ? { state: 'active' } : {}) };
}

function notOffered(): DomainError {
  return new DomainError(
    'workspaces.transfer_not_offered',
    'conflict',
    'This workspace is not offered to you, or not any more. Ask its owner to offer it again.',
  );
}

/** Somebody who may manage a workspace, and does not own it, gives it away. */
export function transferRefused(): DomainError {
  return new DomainError(
    'workspaces.transfer_denied',
    'forbidden',
    'Only its owner gives a workspace away, or an admin of the platform. Ask them to offer it.',
  );
}
