/** By route, why a rule of all the others is not its own. */
export type Exceptions = Readonly<Record<string, string>>;

const W = '/v1/workspaces/{workspace_id}';
const LIVE = 'It is no document: something that goes on, and is ended.';
const CREDENTIAL = 'A credential or right is taken back at once, whatever somebody else made of it meanwhile.';
const PLACE = 'Whether somebody is in a set has no revision: nobody can change it otherwise meanwhile.';
const RECORD = 'It is a record of what happened, which nobody changes.';
const OF_EVENTS = 'It is asked in the words of events: filter and order are theirs.';
const WHOLE = 'There are never more than fit one answer.';
const ORDERED = 'It is told in the order in which it happened, and nobody asks for another.';

/** Changes that demand no `If-Match`. */
export const WITHOUT_PRECONDITION: Exceptions = {
  [`DELETE ${W}/connections/{connection}`]: LIVE,
  [`DELETE ${W}/replays/{replay_id}`]: LIVE,
  'DELETE /v1/me/sessions/{session_id}': LIVE,
  'DELETE /v1/me/tokens/{token_id}': CREDENTIAL,
  [`DELETE ${W}/keys/{key_id}`]: CREDENTIAL,
  [`DELETE ${W}/files/{file_id}/links/{link_id}`]: CREDENTIAL,
  [`DELETE ${W}/shares/{share_id}`]: CREDENTIAL,
  [`DELETE ${W}/topics/{topic}/members/{user}`]: PLACE,
  [`DELETE ${W}/runs/{run_id}`]: RECORD,
  [`PUT ${W}/suspension`]: 'Nothing may stand in the way of whoever stops a workspace.',
};

/** What is put under a name that is always there, so that nothing is created. */
export const ALWAYS_THERE: Exceptions = {
  [`PUT ${W}/config`]: 'Every workspace has one.',
  [`PUT ${W}/quotas`]: 'Every workspace has them.',
  [`PUT ${W}/retention`]: 'Every workspace has one.',
  [`PUT ${W}/suspension`]: 'Every workspace stands still, or not.',
};

/** Lists that cannot be filtered and ordered as all others. */
export const LISTED_OTHERWISE: Exceptions = {
  [`GET ${W}/events`]: OF_EVENTS,
  [`GET ${W}/audit`]: OF_EVENTS,
  'GET /v1/platform/audit': OF_EVENTS,
  [`GET ${W}/runs`]: OF_EVENTS,
  [`GET ${W}/events:usage`]: WHOLE,
  [`GET ${W}/quotas`]: WHOLE,
  [`GET ${W}/secrets/{name}/usages`]: WHOLE,
  [`GET ${W}/automations/{slug}/usages`]: WHOLE,
  [`GET ${W}/connections`]: 'They are asked of every process that holds some, each in its own order.',
  [`GET ${W}/contexts`]: 'They are kept by their names alone: a store of keys knows no other order.',
  [`GET ${W}/runs/{run_id}/steps`]: ORDERED,
  [`GET ${W}/runs/{run_id}/events`]: ORDERED,
  [`GET ${W}/runs/{run_id}:compare`]: ORDERED,
};

/** What is read, and has no tag. */
export const UNTAGGED: Exceptions = {
  'GET /v1/jobs/{job_id}': 'A job that is done leads on to what it made.',
};
