import { afterEach, describe, expect, it } from '@jest/globals';
import { GatewayService, subjectOf, WorkspacesService } from '@millrace/contracts';
import { Clock, DomainError, servicePrincipal, type Principal } from '@millrace/kernel';
import { Log, idsInHand } from '@millrace/observability';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Bus, BusServer, LocalHub, Passports, RemoteFault, Rpc, type CallContext } from '../index';

class StillClock extends Clock {
  override now(): number {
    return 1_000_000;
  }
}

/** Passports that anyone can read: what is under test is who carries them. */
class OpenPassports extends Passports {
  override sign(principal: Principal): Promise<string> {
    return Promise.resolve(JSON.stringify(principal));
  }

  override verify(token: string | undefined): Promise<Principal> {
    if (token === undefined || token === 'forged') {
      return Promise.reject(new DomainError('auth.passport_invalid', 'unauthenticated', 'Who is asking cannot be proved.'));
    }
    return Promise.resolve(JSON.parse(token) as Principal);
  }
}

class LinesLog extends Log {
  readonly errors: { readonly message: string; readonly fields: unknown }[] = [];
  override debug(): void {}
  override info(): void {}
  override warn(): void {}
  override error(message: string, fields?: unknown): void {
    this.errors.push({ message, fields });
  }
}

const seen: CallContext[] = [];

@Controller()
class Answers {
  @Rpc(WorkspacesService.method.getWorkspace)
  async get({ workspaceId }: { workspaceId: string }, context: CallContext) {
    seen.push(context);
    if (workspaceId === 'missing')
      throw new DomainError('workspaces.not_found', 'not-found', 'There is none.', { facts: { workspace: 'missing' } });
    if (workspaceId === 'broken') throw new TypeError('a fault of ours');
    return { workspace: { id: workspaceId, name: idsInHand().correlationId ?? '' } };
  }

  @Rpc(WorkspacesService.method.deleteWorkspace)
  async delete() {
    return {};
  }

  @Rpc(WorkspacesService.method.fetchModel)
  async *model({ digest }: { digest: string }) {
    yield { path: 'a', text: idsInHand().correlationId ?? '' };
    if (digest === 'torn') throw new DomainError('workspaces.model_torn', 'unavailable', 'Half a model.');
    yield { path: 'b', text: 'two' };
  }
}

@Module({ controllers: [Answers] })
class AnswersModule {}

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  seen.length = 0;
});

async function connected() {
  const hub = new LocalHub();
  const clock = new StillClock();
  const passports = new OpenPassports();
  const log = new LinesLog();
  const serving = hub.connect();
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AnswersModule, {
    strategy: new BusServer({ wire: serving, passports, clock, log }),
    logger: false,
  });
  app.useGlobalFilters(BusServer.filter);
  await app.listen();
  const calling = hub.connect();
  open.push(serving, app, calling);
  return { bus: new Bus(calling, passports, clock), log, calling };
}

const context: CallContext = { principal: servicePrincipal('events'), correlationId: 'cor-1', deadline: 1_005_000 };

describe('Bus', () => {
  it('carries a typed request and its answer', async () => {
    const { bus } = await connected();
    const { workspace } = await bus.call(WorkspacesService.method.getWorkspace, { workspaceId: 'ws_1' }, context);
    expect(workspace).toMatchObject({ id: 'ws_1', name: 'cor-1' });
  });

  it('gives the handler who asks, the story, the deadline and the trace', async () => {
    const { bus } = await connected();
    const told = { ...context, causationId: 'evt-1', traceparent: '00-trace' };
    await bus.call(WorkspacesService.method.getWorkspace, { workspaceId: 'ws_1' }, told);
    expect(seen[0]).toMatchObject({ ...told, passport: JSON.stringify(context.principal) });
  });

  it('passes on a passport made elsewhere as it is', async () => {
    const { bus } = await connected();
    const ada = { kind: 'user', id: 'ada', roles: [] } as const;
    await bus.call(WorkspacesService.method.getWorkspace, { workspaceId: 'ws_1' }, { ...context, passport: JSON.stringify(ada) });
    expect(seen[0]?.principal).toEqual(ada);
  });

  it('takes an empty answer for an answer', async () => {
    const { bus } = await connected();
    await expect(bus.call(WorkspacesService.method.deleteWorkspace, { workspaceId: 'ws_1' }, context)).resolves.toBeDefined();
  });

  it('throws the refusal of the other side as it was', async () => {
    const { bus, log } = await connected();
    const call = bus.call(WorkspacesService.method.getWorkspace, { workspaceId: 'missing' }, context);
    await expect(call).rejects.toMatchObject({
      code: 'workspaces.not_found',
      refusal: 'not-found',
      message: 'There is none.',
      facts: { workspace: 'missing' },
    });
    expect(log.errors).toEqual([]);
  });

  it('tells of a fault only that it was one, and logs it with its stack', async () => {
    const { bus, log } = await connected();
    const call = bus.call(WorkspacesService.method.getWorkspace, { workspaceId: 'broken' }, context);
    await expect(call).rejects.toBeInstanceOf(RemoteFault);
    expect(log.errors).toMatchObject([{ fields: { error: { message: 'a fault of ours' }, correlationId: 'cor-1' } }]);
  });

  it('refuses a request that breaks its checks before the handler sees it', async () => {
    const { bus } = await connected();
    const call = bus.call(WorkspacesService.method.getWorkspace, { workspaceId: '' }, context);
    await expect(call).rejects.toMatchObject({ code: 'api.invalid', errors: [{ pointer: '/workspaceId' }] });
    expect(seen).toEqual([]);
  });

  it('refuses a caller that cannot be proved', async () => {
    const { bus } = await connected();
    const call = bus.call(WorkspacesService.method.getWorkspace, { workspaceId: 'ws_1' }, { ...context, passport: 'forged' });
    await expect(call).rejects.toMatchObject({ refusal: 'unauthenticated' });
  });

  it('says that no one listens to a method nobody serves', async () => {
    const { bus } = await connected();
    await expect(bus.call(GatewayService.method.getMe, {}, context)).rejects.toMatchObject({ code: 'wire.no_one_listens' });
  });

  it('does not start a call whose deadline is over', async () => {
    const { bus } = await connected();
    const call = bus.call(WorkspacesService.method.getWorkspace, { workspaceId: 'ws_1' }, { ...context, deadline: 999_999 });
    await expect(call).rejects.toMatchObject({ code: 'wire.timeout' });
  });

  it('streams many answers in order, under the ids of the call', async () => {
    const { bus } = await connected();
    const answers = await Array.fromAsync(bus.stream(WorkspacesService.method.fetchModel, { workspaceId: 'w', digest: 'd' }, context));
    expect(answers).toMatchObject([
      { path: 'a', text: 'cor-1' },
      { path: 'b', text: 'two' },
    ]);
  });

  it('ends a stream with the refusal that ended it', async () => {
    const { bus } = await connected();
    const stream = bus.stream(WorkspacesService.method.fetchModel, { workspaceId: 'w', digest: 'torn' }, context);
    await expect(Array.fromAsync(stream)).rejects.toMatchObject({ code: 'workspaces.model_torn' });
  });

  it('refuses a hand-made request without identity', async () => {
    const { calling } = await connected();
    const subject = subjectOf(WorkspacesService.method.deleteWorkspace);
    const reply = await calling.request(subject, { body: new Uint8Array(), headers: {} }, { timeout: 1_000 });
    expect(reply.headers['millrace-outcome']).toBe('problem');
  });
});
