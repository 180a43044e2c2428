import type { Clock, Json } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { EndpointCall } from '../../../domain/request';
import { uploadValue, type FileReference, type Upload } from '../../../domain/upload';
import type { Uploads } from '../../ports/uploads';

export interface ReceivedFilesParts {
  readonly uploads: Uploads;
  readonly clock: Clock;
}

/** Milliseconds a file of a call is kept unless somebody says otherwise: as long as a run may take. */
const KEPT = 30 * 86_400_000;

/** Keeps the files of a call once it is let in, and lets go of those of a call that is not. */
export class ReceivedFiles {
  constructor(private readonly parts: ReceivedFilesParts) {}

  /** Does the work that lets a call in or refuses it; what a refused call brought is gone. */
  async during<T>({ upload }: EndpointCall, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await Promise.all((upload?.files ?? []).map((file) => this.parts.uploads.discard(file)));
      throw error;
    }
  }

  /** The body of a call with its files kept. */
  async body(context: CallContext, workspaceId: string, path: string, upload: Upload): Promise<Json> {
    const keeping = { workspaceId, endpoint: path, expiresAt: this.parts.clock.now() + KEPT };
    const references: FileReference[] = [];
    for (const file of upload.files) references.push(await this.parts.uploads.keep(context, file, keeping));
    return uploadValue(upload, references);
  }
}
