import { QUIET } from './jest.mjs';

/** Where the young garbage of V8 lives, at most: docs/adr/0087. */
export const YOUNG = '--max-semi-space-size=32';

/** How a service is run, as arguments of the pinned Node. */
export const SERVICE = [QUIET, '--enable-source-maps', YOUNG];
