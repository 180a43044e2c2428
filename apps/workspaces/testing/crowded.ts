/** What an operator sets who has a crowd to put up: one person may own as many workspaces as a test makes. */
export const CROWDED = { MILLRACE_WORKSPACES_OWNED: '100000', MILLRACE_WORKSPACES_MOST: '100000' };
