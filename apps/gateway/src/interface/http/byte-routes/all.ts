import type { ByteRoute } from './byte-route';
import { DRAFT_CONTENT, EXPORT_VERSION, IMPORT_INTO, IMPORT_NEW, STAGE_ASSET } from './exchange';
import { EXPORT_EVENTS } from './events';
import { CREATE_FILE, DOWNLOAD_FILE, DOWNLOAD_LINK, REPLACE_CONTENT } from './files';

/** The routes that bytes flow through. */
export const BYTE_ROUTES: readonly ByteRoute[] = [
  CREATE_FILE,
  DOWNLOAD_FILE,
  REPLACE_CONTENT,
  DOWNLOAD_LINK,
  IMPORT_NEW,
  IMPORT_INTO,
  EXPORT_VERSION,
  STAGE_ASSET,
  DRAFT_CONTENT,
  EXPORT_EVENTS,
];
