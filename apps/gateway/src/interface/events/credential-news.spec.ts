import { SqliteEventLog, type NewEvent } from '@millrace/messaging';
import { SystemClock } from '@millrace/service';
import { describe, expect, it } from '@jest/globals';
import { Revocations, type Revoked } from '../../application/ports/revocations';
import { CredentialNews } from './credential-news';

class Noted extends Revocations {
  readonly told: Revoked[] = [];
  private wake: () => void = () => undefined;

  override async revoke(what: Revoked): Promise<void> {
    this.told.push(what);
    this.wake();
  }

  override isRevoked(): boolean {
    return false;
  }

  override onRevoked(): () => void {
    return () => undefined;
  }

  async until(count: number): Promise<readonly Revoked[]> {
    while (this.told.length < count) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.told;
  }
}

const event = (id: string, workspaceId: string, type: string, payload: object): NewEvent => ({
  id,
  workspaceId,
  type,
  time: 7,
  payload: new TextEncoder().encode(JSON.stringify(payload)),
  correlationId: 'req_1',
  actor: { kind: 'user', id: 'ada' },
  source: { service: 'workspaces' },
});

describe('what happens to keys and tokens', () => {
  it('is told to every gateway', async () => {
    const eventLog = new SqliteEventLog({ file: ':memory:', clock: new SystemClock() });
    const revocations = new Noted();
    const news = new CredentialNews(eventLog, revocations);
    await news.onApplicationBootstrap();
    await eventLog.append([
      event('1', 'ws_1', 'workspaces.keys.created', { key: 'key_0' }),
      event('2', 'ws_1', 'workspaces.keys.revoked', { key: 'key_1' }),
      event('3', 'ws_2', 'workspaces.keys.rotated', { key: 'key_2' }),
      event('4', 'ws_2', 'workspaces.keys.changed', { key: 'key_3' }),
      event('5', 'ws_2', 'workspaces.tokens.revoked', { token: 'tok_0' }),
      event('6', 'platform', 'workspaces.tokens.revoked', { token: 'tok_1', user: 'ada' }),
    ]);
    const told = await revocations.until(4);
    expect(told.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
      { kind: 'key', id: 'key_1', at: 7 },
      { kind: 'key', id: 'key_2', at: 7 },
      { kind: 'key', id: 'key_3', at: 7 },
      { kind: 'token', id: 'tok_1', at: 7 },
    ]);
    await news.beforeApplicationShutdown();
    await eventLog.close();
  });
});
