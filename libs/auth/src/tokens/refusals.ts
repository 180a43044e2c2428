import { DomainError } from '@millrace/kernel';

/** What can be wrong with an access token; each is the end of the code `auth.token_…`. */
export type TokenFault =
  | 'missing'
  | 'malformed'
  | 'header'
  | 'algorithm'
  | 'signature'
  | 'type'
  | 'issuer'
  | 'audience'
  | 'client'
  | 'subject'
  | 'early'
  | 'expired';

const SENTENCES: Readonly<Record<TokenFault, string>> = {
  missing: 'This call needs an access token. Sign in and send it as "Authorization: Bearer <token>".',
  malformed: 'The access token is not a signed JWT of at most 8 KiB. Send the access token exactly as the sign-in gave it.',
  header:
    'The header of the access token brings a key, or wants something of its reader. Keys come from the issuer alone; get a token there.',
  algorithm: 'The access token is signed with an algorithm that is not accepted here. Get one from the realm this platform is set up with.',
  signature: 'The signature of the access token does not fit any key of the issuer. Sign in again.',
  type: 'This is not an access token. Send the access token, not the ID token or the refresh token.',
  issuer: 'The access token comes from another issuer. Sign in at the realm this platform is set up with.',
  audience: 'The access token is not meant for this API. Ask for one whose audience holds "millrace-api".',
  client: 'The access token was given to a client this platform does not know. Sign in with one of its own clients.',
  subject: 'The access token does not say who is asking. Sign in again.',
  early: 'The access token is not valid yet. Check the clock of the machine that made it.',
  expired: 'The access token has expired. Refresh it or sign in again.',
};

/** The refusal of an access token. */
export function tokenRefused(fault: TokenFault): DomainError {
  return new DomainError(`auth.token_${fault}`, 'unauthenticated', SENTENCES[fault]);
}

/** No token can be checked, because the issuer has never told its keys. */
export function keysUnavailable(): DomainError {
  return new DomainError(
    'auth.keys_unavailable',
    'unavailable',
    'Access tokens cannot be checked, because the issuer does not answer. Try again in a moment; if it lasts, look at the identity provider.',
  );
}
