import type { JsonMap } from '@millrace/kernel';

/** The credentials that callers send, by name. */
export const SECURITY_SCHEMES: JsonMap = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An access token of the realm for the audience millrace-api, a personal token (`mrp_…`) or a key of a workspace (`mrk_…`).',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'Millrace-Api-Key', description: 'A key of a workspace (`mrk_…`).' },
};

/** One of them, whichever. */
export const SECURITY: readonly JsonMap[] = [{ accessToken: [] }, { apiKey: [] }];
