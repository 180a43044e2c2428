/** @type {import('@millrace/language').Begin} */
export const BEGIN = {
  run: 'run_fuzz',
  slug: '',
  locals: {},
  trigger: { type: 'test', value: 'fuzz' },
  workspaceId: 'ws_fuzz',
  correlationId: 'cor_fuzz',
  depth: 1,
  identity: { userId: 'usr_fuzz', sessionId: 'ses_fuzz' },
  seed: 'fuzz',
  now: Date.UTC(2026, 0, 1),
  config: {},
};
