import { malformed } from '../problems/refusals';
import type { BodyKind } from './request-reader';

export const JSON_TYPE = 'application/json';
export const RAW_TYPES: readonly string[] = ['application/yaml', JSON_TYPE, 'text/yaml'];

/** Refuses a body of a media type that this call does not read; `type` is the header as it came. */
export function checkBodyType(kind: BodyKind, type: string | undefined): void {
  if (kind === 'none') throw malformed('body_unexpected', 'This call takes no body. Leave it out.');
  const accepted = kind === 'json' ? [JSON_TYPE] : RAW_TYPES;
  const [essence = '', ...parameters] = (type ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (accepted.includes(essence) && parameters.every(isUtf8)) return;
  const found = type === undefined ? 'The body came without a Content-Type' : `The body came as "${type.slice(0, 100)}"`;
  throw malformed('media_type', `${found}. This call reads ${accepted.join(' or ')}, in UTF-8.`);
}

/** Refuses a caller who would not take JSON. */
export function checkAccept(accept: string | undefined): void {
  if (accept === undefined || accept === '*/*' || accept.split(',').some(takesJson)) return;
  throw malformed('not_acceptable', 'This call answers application/json, and the header "Accept" does not take it.');
}

function isUtf8(parameter: string): boolean {
  return parameter === '' || !parameter.startsWith('charset=') || /^charset="?utf-8"?$/.test(parameter);
}

function takesJson(range: string): boolean {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  return ['*/*', 'application/*', JSON_TYPE].includes(type) && !parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
}
