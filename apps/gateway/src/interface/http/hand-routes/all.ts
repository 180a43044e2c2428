import type { HandRoute } from './hand-route';
import { DRAFT_CONTENT, EXPORT_VERSION, IMPORT_INTO, IMPORT_NEW, STAGE_ASSET } from './exchange';
import { GET_RESULT } from './endpoints';
import { EXPORT_EVENTS, STREAM_EVENTS, STREAM_OWN_EVENTS } from './events';
import { CREATE_FILE, DOWNLOAD_FILE, DOWNLOAD_LINK, REPLACE_CONTENT } from './files';
import { DELETE_ME, SIGN_OUT } from './people';

/** The routes that are no calls, as far as the document tells of them. */
export const HAND_ROUTES: readonly HandRoute[] = [
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
  STREAM_EVENTS,
  STREAM_OWN_EVENTS,
  GET_RESULT,
  SIGN_OUT,
  DELETE_ME,
];
