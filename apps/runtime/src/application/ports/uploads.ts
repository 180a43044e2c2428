import type { CallContext } from '@millrace/messaging';
import type { FileReference, UploadedFile } from '../../domain/upload';

/** For whom a file of a call is kept, and how long. */
export interface Keeping {
  readonly workspaceId: string;
  /** Path of the endpoint it was sent to. */
  readonly endpoint: string;
  /** Milliseconds since 1970 when it is deleted by itself. */
  readonly expiresAt: number;
}

/** Bytes that came with calls. Until they are kept they belong to nobody, and are swept in time. */
export abstract class Uploads {
  /** All bytes. Throws as the blob store does. */
  abstract read(file: UploadedFile): Promise<Uint8Array>;
  /** Makes it a private file of the workspace, owned by the caller; the same again is the same file. Refuses a lie about its type. */
  abstract keep(context: CallContext, file: UploadedFile, keeping: Keeping): Promise<FileReference>;
  /** Nobody wants it. Never fails: what stays is swept. */
  abstract discard(file: UploadedFile): Promise<void>;
}
