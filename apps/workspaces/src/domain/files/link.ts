import { DomainError } from '@millrace/kernel';
import type { WorkspaceFile } from './file';

/** A way to a file for whoever has it. Times are milliseconds since 1970. */
export interface FileLink {
  readonly id: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
}

/** What the token of a link says; only who made it can. */
export interface LinkClaims {
  readonly file: string;
  readonly link: string;
  readonly expiresAt: number;
}

const MOST_LINKS = 100;

/** The file with one more link. Those that are over leave. */
export function addLink(file: WorkspaceFile, link: FileLink): WorkspaceFile {
  const links = liveLinks(file, link.createdAt);
  if (links.length < MOST_LINKS) return { ...file, links: [...links, link] };
  throw new DomainError('workspaces.too_many_links', 'exhausted', `A file has at most ${MOST_LINKS} links. Take one back first.`);
}

/** The file without a link; `undefined` when it has no such link. */
export function removeLink(file: WorkspaceFile, id: string): WorkspaceFile | undefined {
  const links = file.links.filter((link) => link.id !== id);
  return links.length === file.links.length ? undefined : { ...file, links };
}

export function liveLinks({ links }: WorkspaceFile, now: number): readonly FileLink[] {
  return links.filter(({ expiresAt }) => expiresAt > now);
}

/** What is signed of a link. */
export function claimsText({ file, link, expiresAt }: LinkClaims): string {
  return `${file}.${link}.${expiresAt.toString(36)}`;
}

/** Reads what `claimsText` wrote. */
export function readClaims(text: string): LinkClaims | undefined {
  if (!/^fil_[0-9a-z]{26}\.lnk_[0-9a-z]{26}\.[0-9a-z]{1,11}$/.test(text)) return undefined;
  const [file, link, end] = text.split('.') as [string, string, string];
  return { file, link, expiresAt: Number.parseInt(end, 36) };
}

/** The link leads nowhere: it was never made, it ended, or somebody took it back. Which of it is nobody's business. */
export function linkGone(): DomainError {
  return new DomainError(
    'workspaces.link_not_found',
    'not-found',
    'This link leads nowhere: it has ended or was taken back. Ask whoever gave it to you for another.',
  );
}

export function linkMissing(id: string): DomainError {
  return new DomainError('workspaces.link_not_found', 'not-found', `The file has no link "${id}".`, { facts: { link: id } });
}
