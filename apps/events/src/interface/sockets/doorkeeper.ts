import type { IncomingMessage } from 'node:http';
import type { Granted } from '@millrace/auth';
import { GatewayService } from '@millrace/contracts';
import { DomainError, servicePrincipal, type Clock, type Ids, type Principal } from '@millrace/kernel';
import type { Bus, CallContext, Passports } from '@millrace/messaging';
import type { Visit } from '../../application/live/attendance/attendance';
import { OwnReading } from '../../application/live/reading/own-reading';
import type { Reading } from '../../application/live/reading/reading';
import { WorkspaceReading } from '../../application/live/reading/workspace-reading';
import type { EventRights } from '../../application/reading/event-rights';
import type { OwnRights } from '../../application/reading/own-rights';

const PASSPORT = 'millrace-principal';
/** When what the client came with ends, milliseconds since 1970, as the gateway found out. */
const ENDS = 'millrace-principal-ends';
/** Where the client is, as the gateway saw it. */
const ADDRESS = 'x-forwarded-for';
const PATIENCE = 10_000;

export interface DoorkeeperParts {
  readonly passports: Passports;
  readonly bus: Bus;
  readonly rights: EventRights;
  readonly own: OwnRights;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Where somebody wants to read: in a workspace, by id or slug; undefined: what is addressed to themselves, wherever it happens. */
export type Where = string | undefined;

/** Who is on a socket and what they may do; decided when they come, held until they go or their rights change. */
export interface Admission {
  readonly principal: Principal;
  /** When it was found out who they are, milliseconds since 1970. */
  readonly metAt: number;
  /** What they follow, and what of it they may read. */
  readonly reading: Reading;
  /** What they may send, or why they may not. */
  readonly sending: Granted | DomainError;
  /** When what they came with ends, milliseconds since 1970; absent: with the connection. */
  readonly expiresAt?: number;
}

interface Identity {
  readonly principal: Principal;
  readonly metAt: number;
  readonly passport: string;
  readonly expiresAt?: number;
}

/** What they count as among those who are connected over something. */
export function visitOf({ principal, reading }: Admission, where: Where, connection: object): Visit {
  const { kind, id } = principal;
  return { who: `${kind}/${id}`, connection, ...(where === undefined ? {} : { workspaceId: reading.place }) };
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
    const principal = await this.parts.passports.verify(passport);
    this.known.set(request, { principal, metAt, passport, ...endOf(request.headers[ENDS]) });
  }

  /** Admits to the events of a workspace, or to somebody's own. A stranger is told `workspaces.not_found`. */
  async admit(request: IncomingMessage, where: Where, token: string | undefined): Promise<Admission> {
    const { principal, metAt, passport, expiresAt } = await this.identify(request, token);
    const context = { ...this.contextOf(principal), passport };
    const may = await (where === undefined ? this.ofTheirOwn(context) : this.ofWorkspace(context, where));
    return { principal, metAt, ...may, ...(expiresAt === undefined ? {} : { expiresAt }) };
  }

  /** What a message of this principal is handled under: a story of its own. */
  contextOf(principal: Principal): CallContext {
    return { principal, correlationId: this.parts.ids.mint('req'), deadline: this.parts.clock.now() + PATIENCE };
  }

  private async ofWorkspace(context: CallContext, workspace: string): Promise<Pick<Admission, 'reading' | 'sending'>> {
    const { rights, clock } = this.parts;
    const { id: workspaceId, ...granted } = await rights.toRead(context, workspace);
    const sending = await rights.toSend(context, workspaceId).catch(refusalOf);
    return { reading: new WorkspaceReading({ workspaceId, principal: context.principal, ...granted }, clock), sending };
  }

  private async ofTheirOwn(context: CallContext): Promise<Pick<Admission, 'reading' | 'sending'>> {
    const { own, clock } = this.parts;
    return { reading: new OwnReading(await own.toRead(context), clock), sending: nowhere() };
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

function endOf(said: string | string[] | undefined): Pick<Identity, 'expiresAt'> {
  return typeof said === 'string' ? { expiresAt: Number(said) } : {};
}

function refusalOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  throw error;
}

function nowhere(): DomainError {
  return new DomainError(
    'events.no_workspace',
    'invalid',
    'Events are sent in a workspace. Connect to /v1/workspaces/<id or slug>/events to send them.',
  );
}

function signInNeeded(): DomainError {
  return new DomainError(
    'events.sign_in_needed',
    'unauthenticated',
    'Nobody is signed in on this connection. Connect through the gateway with a credential, or with auth: {token}.',
  );
}
