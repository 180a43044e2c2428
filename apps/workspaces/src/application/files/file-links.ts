import type { Collection } from '@millrace/documents';
import type { Clock, Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isOver, type WorkspaceFile } from '../../domain/files/file';
import { addLink, claimsText, linkGone, linkMissing, liveLinks, readClaims, removeLink, type FileLink } from '../../domain/files/link';
import { answering } from '../ensure';
import type { FileAccess } from './file-access';
import type { Signer } from './ports/signer';

export interface FileLinksParts {
  readonly files: Collection<WorkspaceFile>;
  readonly fileAccess: FileAccess;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** A link with what opens it. */
export interface LinkView extends FileLink {
  readonly token: string;
}

const A_DAY = 86_400;

/** Ways to a file for people who do not sign in: signed, so that none can be guessed; kept, so that each can be taken back. */
export class FileLinks {
  constructor(private readonly parts: FileLinksParts) {}

  async list(context: CallContext, workspace: string, id: string): Promise<readonly LinkView[]> {
    const { document } = await this.parts.fileAccess.require(context, workspace, id, 'update');
    return liveLinks(document, this.parts.clock.now()).map((link) => this.view(id, link));
  }

  /** `seconds`: how long it works; 0: a day. */
  async create(context: CallContext, workspace: string, id: string, seconds: number): Promise<LinkView> {
    const { files, fileAccess, clock, ids } = this.parts;
    await fileAccess.require(context, workspace, id, 'update');
    const createdAt = clock.now();
    const expiresAt = createdAt + (seconds === 0 ? A_DAY : seconds) * 1000;
    const link = { id: ids.mint('lnk'), createdAt, createdBy: context.principal.id, expiresAt };
    await files.update(id, (file) => ({ document: addLink(file, link), events: [] }));
    return this.view(id, link);
  }

  async revoke(context: CallContext, workspace: string, id: string, link: string): Promise<void> {
    const { files, fileAccess } = this.parts;
    await fileAccess.require(context, workspace, id, 'update');
    const found = await answering(files, id, (file) => {
      const without = removeLink(file, link);
      return { document: without ?? file, events: [], result: without !== undefined };
    });
    if (!found) throw linkMissing(link);
  }

  /** The file a token opens. A forged one is refused before anything is looked up. */
  async open(token: string): Promise<WorkspaceFile> {
    const { files, signer, clock } = this.parts;
    const cut = token.lastIndexOf('.');
    const text = token.slice(0, Math.max(0, cut));
    const claims = signer.isSigned(text, token.slice(cut + 1)) ? readClaims(text) : undefined;
    const now = clock.now();
    if (claims === undefined || claims.expiresAt <= now) throw linkGone();
    const file = (await files.find(claims.file))?.document;
    const isKept = file !== undefined && !isOver(file, now) && liveLinks(file, now).some(({ id }) => id === claims.link);
    if (!isKept) throw linkGone();
    return file;
  }

  private view(file: string, link: FileLink): LinkView {
    const text = claimsText({ file, link: link.id, expiresAt: link.expiresAt });
    return { ...link, token: `${text}.${this.parts.signer.sign(text)}` };
  }
}
