import type { HandRoute } from './hand-route';

export const SIGN_OUT: HandRoute = {
  id: 'signOut',
  verb: 'post',
  path: '/v1/auth/sign-out',
  routeClass: 'sign-out',
  tag: 'gateway',
  says: 'Signs the caller out of this browser, or of the app whose access token it is.',
  permission: 'me',
  answers: [{ status: 204, says: 'Done; there is nothing to show.', headers: ['Set-Cookie'] }],
  refusals: [401],
};

export const DELETE_ME: HandRoute = {
  id: 'deleteMe',
  verb: 'delete',
  path: '/v1/me',
  routeClass: 'credential',
  tag: 'gateway',
  says: 'Removes the account of the caller, who signed in at most five minutes ago, and all that is kept of them. With the receipt, GetErasure tells how far that is.',
  permission: 'me',
  answers: [
    {
      status: 202,
      says: 'It goes on.',
      headers: ['LaterLocation', 'Set-Cookie'],
      body: { schema: { type: 'object', properties: { receipt: { type: 'string' } }, required: ['receipt'] } },
    },
  ],
  refusals: [401],
};
