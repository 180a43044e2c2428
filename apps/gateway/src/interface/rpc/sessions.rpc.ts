import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { GatewayService, type CreateAnonymousSessionRequest, type EndSessionRequest, type ListSessionsRequest } from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { OwnSessions, type OwnSession } from '../../application/sessions/own-sessions';
import { SignOut } from '../../application/sessions/sign-out';
import { Visits } from '../../application/sessions/visits';

const { method } = GatewayService;
const SESSIONS = new Listing(method.listSessions);

/** What people do with their sessions, and who gets one without an account. */
@Controller()
export class SessionsRpc {
  constructor(
    @Inject(OwnSessions) private readonly own: OwnSessions,
    @Inject(SignOut) private readonly signOut: SignOut,
    @Inject(Visits) private readonly visits: Visits,
  ) {}

  @Rpc(method.listSessions)
  async listSessions(request: ListSessionsRequest, { principal }: CallContext) {
    return SESSIONS.among(request, (await this.own.list(principal)).map(messageOf));
  }

  @Rpc(method.endSession)
  async endSession({ sessionId }: EndSessionRequest, { principal }: CallContext) {
    await this.signOut.one(principal, sessionId);
    return {};
  }

  @Rpc(method.signOutEverywhere)
  async signOutEverywhere(_request: object, { principal }: CallContext) {
    await this.signOut.everywhere(principal);
    return {};
  }

  @Rpc(method.createAnonymousSession)
  async createAnonymousSession({ token: earlier }: CreateAnonymousSessionRequest) {
    const { token, expiresAt, principal } = await (earlier === '' ? this.visits.begin() : this.visits.goOn(earlier));
    return { token, expiresAt: timestampFromMs(expiresAt), id: principal.id, session: principal.session ?? '' };
  }
}

function messageOf({ createdAt, usedAt, expiresAt, ...session }: OwnSession) {
  return { ...session, createdAt: timestampFromMs(createdAt), usedAt: timestampFromMs(usedAt), expiresAt: timestampFromMs(expiresAt) };
}
