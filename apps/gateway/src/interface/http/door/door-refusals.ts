import { malformed, routeUnknown } from '../problems/refusals';
import { pathInvalid } from './path';

/** What Fastify itself refuses, in our words; anything else as it is. */
export function doorRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return malformed('body_too_large', 'The body is larger than 1 MiB. Send it in parts.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return malformed('media_type', 'The header "Content-Type" names no media type.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return malformed('body_incomplete', 'The body is not as long as the header "Content-Length" says. Send it again.');
    case 'FST_ERR_BAD_URL':
      return pathInvalid('it holds a % that encodes nothing');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return malformed('url_too_large', 'A part of the path is too long.');
    case 'FST_ERR_NOT_FOUND':
      return routeUnknown();
    case 'ECONNRESET':
    case 'ECONNABORTED':
      return malformed('body_incomplete', 'The connection broke before the body was complete. Send it again.');
    default:
      return error;
  }
}
