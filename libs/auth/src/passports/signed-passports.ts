import { DomainError, type Clock, type Principal } from '@millrace/kernel';
import { Passports, type KeyValue } from '@millrace/messaging';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { Recent } from '../recent';
import { endOf, passportClaims, readPassport, type Passport } from './claims';
import { ALGORITHM, OwnKey, PASSPORT_TYPE, serviceOf } from './own-key';
import { PublishedKeys } from './published-keys';
import { maySpeakFor, principalNotOurs } from './speaking';

const DAY = 86_400_000;
const LONGEST_TOKEN = 8_192;

/** Which service this is, and where the public keys are. */
export interface PassportOptions {
  readonly service: string;
  readonly keyValue: KeyValue;
  readonly clock: Clock;
  /** Milliseconds for which the public key can be found after its last use here; a day when absent. */
  readonly keyLifetime?: number;
  /** How many signed and how many verified passports are remembered; 10,000 when absent. */
  readonly capacity?: number;
}

interface Verified extends Passport {
  readonly kid: string;
}

/**
 * Passports as Ed25519 JWS. Each process makes a key pair at start and publishes the public half in the bucket `identity`; `kid` names
 * the service, and the service limits whom it may speak for. Whom a service may not speak for it can still pass on: by the passport that
 * came with the call (`CallContext.passport`), and so in the name of its caller and of nobody else.
 */
export class SignedPassports extends Passports {
  private readonly signed: Recent<string, Promise<string>>;
  private readonly verified: Recent<string, Verified>;
  private publishedAt = 0;

  private constructor(
    private readonly options: PassportOptions,
    private readonly own: OwnKey,
    private readonly keys: PublishedKeys,
  ) {
    super();
    this.signed = new Recent(options.capacity ?? 10_000);
    this.verified = new Recent(options.capacity ?? 10_000);
  }

  /** Makes the key pair and publishes its public half; resolves when others can verify what this signs. */
  static async create(options: PassportOptions): Promise<SignedPassports> {
    const [own, keys] = await Promise.all([OwnKey.make(options.service), PublishedKeys.open(options.keyValue)]);
    const passports = new SignedPassports(options, own, keys);
    await passports.publish(options.clock.now());
    return passports;
  }

  /** Stops following the keys of others. What was signed stays valid until it ends. */
  async close(): Promise<void> {
    await this.keys.close();
  }

  /**
   * A token that says `principal` for `lifetime` milliseconds, at most a minute; it may live up to 3 seconds longer than asked, and the
   * calls of those seconds share it.
   */
  override async sign(principal: Principal, lifetime: number): Promise<string> {
    const now = this.options.clock.now();
    if (!maySpeakFor(this.options.service, principal)) throw principalNotOurs(this.options.service, principal);
    if (now - this.publishedAt > this.keyLifetime / 2) await this.publish(now);
    return this.signOnce(principal, now, endOf(now, lifetime));
  }

  override async verify(token: string | undefined): Promise<Principal> {
    if (token === undefined || token === '') throw missing();
    if (token.length > LONGEST_TOKEN) throw invalid();
    const now = this.options.clock.now();
    const known = this.verified.get(token);
    if (known !== undefined && known.expiresAt > now && this.keys.has(known.kid)) return known.principal;
    const passport = await this.read(token, now);
    this.verified.set(token, passport);
    return passport.principal;
  }

  private get keyLifetime(): number {
    return this.options.keyLifetime ?? DAY;
  }

  private async publish(now: number): Promise<void> {
    await this.keys.publish(this.own.kid, this.own.publicKey, this.keyLifetime);
    this.publishedAt = now;
  }

  private signOnce(principal: Principal, now: number, expiresAt: number): Promise<string> {
    const name = `${expiresAt} ${JSON.stringify(principal)}`;
    const known = this.signed.get(name);
    if (known !== undefined) return known;
    const signing = this.own.sign(passportClaims(principal, now, expiresAt));
    this.signed.set(name, signing);
    return signing;
  }

  private async read(token: string, now: number): Promise<Verified> {
    const { kid, service } = signerOf(token);
    const key = await this.keys.find(kid);
    if (key === undefined) throw invalid();
    const { payload } = await jwtVerify(token, key, { algorithms: [ALGORITHM], typ: PASSPORT_TYPE, currentDate: new Date(now) }).catch(
      () => {
        throw invalid();
      },
    );
    const passport = readPassport(payload, now);
    if (passport === undefined || !maySpeakFor(service, passport.principal)) throw invalid();
    return { ...passport, kid };
  }
}

function signerOf(token: string): { kid: string; service: string } {
  const kid = kidOf(token);
  const service = kid === undefined ? undefined : serviceOf(kid);
  if (kid === undefined || service === undefined) throw invalid();
  return { kid, service };
}

function kidOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    return undefined;
  }
}

function missing(): DomainError {
  return new DomainError(
    'auth.passport_missing',
    'unauthenticated',
    'The call does not say who is asking. Make it through the bus, which signs it.',
  );
}

function invalid(): DomainError {
  return new DomainError(
    'auth.passport_invalid',
    'unauthenticated',
    'The passport of the call is expired, altered, or says more than its service may. Make the call through the bus, with the principal that is asking.',
  );
}
