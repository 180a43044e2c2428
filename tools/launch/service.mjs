import { QUIET } from './jest.mjs';

/** How V8 deals with young garbage: docs/adr/0087. */
export const YOUNG = ['--max-semi-space-size=32', '--no-allocation-site-pretenuring'];

/** How a service is run, as arguments of the pinned Node. */
export const SERVICE = [QUIET, '--enable-source-maps', ...YOUNG];
