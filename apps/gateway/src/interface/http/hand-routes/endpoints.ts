import type { HandRoute } from './hand-route';

const OF_RUNS = ['Millrace-Run', 'Preference-Applied'];

export const GET_RESULT: HandRoute = {
  id: 'getResult',
  verb: 'get',
  path: '/v1/results/{token}',
  routeClass: 'endpoint',
  tag: 'endpoints',
  says: 'Gives what an endpoint answers to a caller that was told to come back for it. Who called it with a credential comes back with the same one.',
  permission: 'public',
  credential: 'maybe',
  parameters: ['PreferWait'],
  answers: [
    {
      status: 202,
      says: 'The run goes on.',
      headers: ['LaterLocation', 'Retry-After', ...OF_RUNS],
      body: {
        schema: { type: 'object', properties: { run: { type: 'string' }, result: { type: 'string' } }, required: ['run', 'result'] },
      },
    },
    { status: 'default', says: 'What the endpoint says, with a status of its own.', headers: OF_RUNS, body: ['*/*'] },
  ],
  refusals: [410, 422],
};
