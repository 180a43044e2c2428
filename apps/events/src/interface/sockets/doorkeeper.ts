import type { IncomingMessage } from 'node:http';
import type { Granted } from '@millrace/auth';
import { GatewayService } from '@millrace/contracts';
import { DomainError, servicePrincipal, type Clock, type Ids, type Principal } from '@millrace/kernel';
import type { Bus, CallContext, Passports } from '@millrace/messaging';
import type { EventRights } from '../../application/reading/event-rights';

const PASSPORT = 'millrace-principal';
/** Where the client is, as the gateway saw it. */
const ADDRESS = 'x-forwarded-for';
const PATIENCE = 10_000;

export interface DoorkeeperParts {
  readonly passports: Passports;
  readonly bus: Bus;
  readonly rights: EventRights;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Who is on a socket and what they may do; decided when they come, held until they go or their rights change. */
export interface Admission {
  readonly principal: Principal;
  /** When it was found out who they are, milliseconds since 1970. */
  readonly metAt: number;
  /** The workspace, and what they may read there. */
  readonly reading: Granted;
  /** What they may send, or why they may not. */
  readonly sending: Granted | DomainError;
  /** When the token they came with ends, milliseconds since 1970; absent: with the connection. */
  readonly expiresAt?: number;
}

interface Identity {
  readonly principal: Principal;
  readonly metAt: number;
  readonly passport: string;
  readonly expiresAt?: number;
}

/** Lets clients in: by the passport that the gateway put on the first request, or by a token in the connect packet. */
export class Doorkeeper {
  /** A passport lives for seconds, a connection for hours: it is read once, at the first request. */
  private readonly known = new WeakMap<IncomingMessage, Identity>();

  constructor(private readonly parts: DoorkeeperParts) {}

  /** Reads the passport of a connection's first request, if there is one; refuses a bad one. */
  async meet(request: IncomingMessage): Promise<void> {
    const passport = request.headers[PASSPORT];
    if (typeof passport !== 'string') return;
    const metAt = this.parts.clock.now();
    this.known.set(request, { principal: await this.parts.passports.verify(passport), metAt, passport });
  }

  /** Admits to the events of a workspace, by id or slug. A stranger is told `workspaces.not_found`. */
  async admit(request: IncomingMessage, workspace: string, token: string | undefined): Promise<Admission> {
    const { principal, metAt, passport, expiresAt } = await this.identify(request, token);
    const context = { ...this.contextOf(principal), passport };
    const reading = await this.parts.rights.toRead(context, workspace);
    const sending = await this.parts.rights.toSend(context, reading.id).catch(refusalOf);
    return { principal, metAt, reading, sending, ...(expiresAt === undefined ? {} : { expiresAt }) };
  }

  /** What a message of this principal is handled under: a story of its own. */
  contextOf(principal: Principal): CallContext {
    return { principal, correlationId: this.parts.ids.mint('req'), deadline: this.parts.clock.now() + PATIENCE };
  }

  private async identify(request: IncomingMessage, token: string | undefined): Promise<Identity> {
    if (token === undefined) {
      const identity = this.known.get(request);
      if (identity === undefined) throw signInNeeded();
      return identity;
    }
    const context = this.contextOf(servicePrincipal('events'));
    const metAt = this.parts.clock.now();
    const address = request.headers[ADDRESS];
    const asked = { token, address: typeof address === 'string' ? address : '' };
    const { signed, expiresAt } = await this.parts.bus.call(GatewayService.method.identify, asked, context);
    const principal = await this.parts.passports.verify(signed);
    return { principal, metAt, passport: signed, ...(expiresAt === 0n ? {} : { expiresAt: Number(expiresAt) }) };
  }
}

function refusalOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  throw error;
}

function signInNeeded(): DomainError {
  return new DomainError(
    'events.sign_in_needed',
    'unauthenticated',
    'Nobody is signed in on this connection. Connect through the gateway with a credential, or with auth: {token}.',
  );
}
