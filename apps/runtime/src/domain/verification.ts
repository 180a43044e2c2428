import { DomainError } from '@millrace/kernel';
import type { Verification } from '@millrace/language';
import type { EndpointCall } from './request';

/** What a call claims of its signature: some HMAC of `content` by this hash is among `signatures`. */
export interface Claim {
  readonly hash: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';
  readonly content: Uint8Array;
  /** More than one while the sender changes its secret. */
  readonly signatures: readonly Uint8Array[];
  /** When the sender says it was signed, in milliseconds since 1970; absent: its way of signing does not say. */
  readonly signedAt?: number;
}

/** A call whose signature is to be checked. `payload`: what is signed, where the author says so. */
export interface SignedCall extends Pick<EndpointCall, 'headers' | 'body'> {
  readonly payload?: string;
}

/** Nobody signs more often; each one more is work for whoever checks. */
const MOST_SIGNATURES = 8;

const encoder = new TextEncoder();

/** What the call claims, by its preset; undefined when it bears no signature, or one that is not written as the preset says. */
export function claimOf(verification: Verification, call: SignedCall): Claim | undefined {
  const claim = PRESETS.get(verification.preset)?.(call, verification);
  if (claim === undefined || claim.signatures.length === 0 || Number.isNaN(claim.signedAt)) return undefined;
  return { ...claim, signatures: claim.signatures.slice(0, MOST_SIGNATURES) };
}

/** Whether a claim is of now, as far as it says when it was made. */
export function isTimely({ signedAt }: Claim, now: number, { tolerance }: Verification): boolean {
  return signedAt === undefined || Math.abs(now - signedAt) <= tolerance;
}

/** The bytes of a secret that is written as text. */
export function keyOf({ preset }: Verification, secret: string): Uint8Array {
  const bare = preset === 'standard-webhooks' ? fromBase64(secret.replace(/^whsec_/, '')) : undefined;
  return bare ?? encoder.encode(secret);
}

/** The call is not signed by who shares the secret. Says no more: whoever forges should not learn how near they came. */
export function signatureInvalid(): DomainError {
  return new DomainError(
    'runtime.signature_invalid',
    'unauthenticated',
    'The call is not signed as this endpoint requires. Sign the body as it is sent, with the secret of the endpoint.',
  );
}

/** The bytes of a form are gone when its files are: of a large one nobody can say any more whether they were signed. */
export function signedFormTooLarge(): DomainError {
  return new DomainError(
    'runtime.signed_form_too_large',
    'invalid',
    'This endpoint requires a signature, and those of forms with files are checked up to 1 MiB. Send less, or the file as the whole body.',
  );
}

/** There is no secret to check signatures by, so nobody is let in. */
export function secretMissing(path: string): DomainError {
  return new DomainError(
    'runtime.verify_secret_missing',
    'unavailable',
    `The endpoint "${path}" has no secret to check signatures by. Give a value to what its \`verify.secret\` names.`,
    { facts: { path } },
  );
}

type Preset = (call: SignedCall, verification: Verification) => Claim | undefined;

const standardWebhooks: Preset = ({ headers, body }) => {
  const { 'webhook-id': id = '', 'webhook-timestamp': at = '', 'webhook-signature': signature = '' } = headers;
  const signatures = signature.split(' ').map((one) => (one.startsWith('v1,') ? fromBase64(one.slice(3)) : undefined));
  return { hash: 'SHA-256', content: joined(`${id}.${at}.`, body), signatures: known(signatures), signedAt: seconds(at) };
};

const github: Preset = ({ headers: { 'x-hub-signature-256': signature = '' }, body }) => {
  return { hash: 'SHA-256', content: joined('', body), signatures: known([prefixed(signature, 'sha256=')]) };
};

const stripe: Preset = ({ headers: { 'stripe-signature': header = '' }, body }) => {
  const fields = header.split(',').map((field) => field.trim());
  const at = fields.find((field) => field.startsWith('t='))?.slice(2) ?? '';
  const signatures = known(fields.map((field) => prefixed(field, 'v1=')));
  return { hash: 'SHA-256', content: joined(`${at}.`, body), signatures, signedAt: seconds(at) };
};

const slack: Preset = ({ headers: { 'x-slack-request-timestamp': at = '', 'x-slack-signature': signature = '' }, body }) => {
  return { hash: 'SHA-256', content: joined(`v0:${at}:`, body), signatures: known([prefixed(signature, 'v0=')]), signedAt: seconds(at) };
};

const shopify: Preset = ({ headers: { 'x-shopify-hmac-sha256': signature = '' }, body }) => {
  return { hash: 'SHA-256', content: joined('', body), signatures: known([fromBase64(signature)]) };
};

const hmac: Preset = (call, { header = 'x-signature', algorithm = 'sha256', encoding = 'hex', prefix, timestamp }) => {
  const hash = HASHES.get(algorithm.toLowerCase().replace('-', ''));
  if (hash === undefined) return undefined;
  const bare = withoutPrefix(headerOf(call, header), algorithm, prefix);
  const signature = encoding === 'base64' ? fromBase64(bare) : fromHex(/^[0-9A-F]+$/.test(bare) ? bare.toLowerCase() : bare);
  const at = timestamp === undefined ? undefined : headerOf(call, timestamp);
  // A time that is not signed says nothing.
  const content = call.payload === undefined ? joined(at === undefined ? '' : `${at}.`, call.body) : encoder.encode(call.payload);
  return { hash, content, signatures: known([signature]), ...(at === undefined ? {} : { signedAt: seconds(at) }) };
};

function headerOf({ headers }: SignedCall, name: string): string {
  const key = name.toLowerCase();
  return (Object.hasOwn(headers, key) ? headers[key] : undefined) ?? '';
}

/** The signature alone; empty when what must stand before it does not. The name of the algorithm may stand there unasked. */
function withoutPrefix(written: string, algorithm: string, prefix: string | undefined): string {
  if (prefix !== undefined) return written.startsWith(prefix) ? written.slice(prefix.length) : '';
  return written.toLowerCase().startsWith(`${algorithm.toLowerCase()}=`) ? written.slice(algorithm.length + 1) : written;
}

const PRESETS: ReadonlyMap<string, Preset> = new Map([
  ['standard-webhooks', standardWebhooks],
  ['github', github],
  ['stripe', stripe],
  ['slack', slack],
  ['shopify', shopify],
  ['hmac', hmac],
]);

const HASHES: ReadonlyMap<string, Claim['hash']> = new Map([
  ['sha1', 'SHA-1'],
  ['sha256', 'SHA-256'],
  ['sha384', 'SHA-384'],
  ['sha512', 'SHA-512'],
]);

function joined(before: string, body: Uint8Array): Uint8Array {
  const head = encoder.encode(before);
  const content = new Uint8Array(head.length + body.length);
  content.set(head);
  content.set(body, head.length);
  return content;
}

function known(signatures: readonly (Uint8Array | undefined)[]): readonly Uint8Array[] {
  return signatures.filter((one) => one !== undefined);
}

/** NaN for what is no time. */
function seconds(text: string): number {
  return /^\d{1,12}$/.test(text) ? Number(text) * 1000 : NaN;
}

function prefixed(text: string, prefix: string): Uint8Array | undefined {
  return text.startsWith(prefix) ? fromHex(text.slice(prefix.length)) : undefined;
}

/** One text for each sequence of bytes: another spelling of a signature is another signature. */
function fromHex(text: string): Uint8Array | undefined {
  if (!/^(?:[0-9a-f]{2})+$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** As `fromHex`: `=` at the end, and no bits that do not count. */
function fromBase64(text: string): Uint8Array | undefined {
  if (text === '' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const binary = atob(text);
  return btoa(binary) === text ? Uint8Array.from(binary, (character) => character.charCodeAt(0)) : undefined;
}
