import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsService } from '@millrace/events';
import { gatewayService } from '@millrace/gateway';
import type { JsonMap } from '@millrace/kernel';
import { AdminServer } from '@millrace/observability';
import { runtimeService } from '@millrace/runtime';
import { openLocalPlatform, start, type Platform, type RunningService, type ServiceDefinition } from '@millrace/service';
import { freePort, setGenerousLimits, temporaryFolder } from '@millrace/testing';
import { workspacesService } from '@millrace/workspaces';

export const PASSWORD = 'a-password-for-tests';
/** Milliseconds for what has been begun to be carried through: a gateway looks at the provider twice a minute. */
const PATIENCE = 50_000;

export interface Answer {
  readonly status: number;
  readonly body: JsonMap;
}

/** All services on one platform and behind one door, each of which can be away for a while. */
export class Household implements AsyncDisposable {
  private readonly running = new Map<string, RunningService>();

  private constructor(
    readonly url: string,
    readonly platform: Platform,
    private readonly definitions: ReadonlyMap<string, ServiceDefinition>,
    private readonly place: ReturnType<typeof temporaryFolder>,
  ) {}

  static async open(environment: Readonly<Record<string, string>> = {}): Promise<Household> {
    const place = temporaryFolder();
    setGenerousLimits(place.path);
    const port = await freePort();
    const settings = { MILLRACE_PORT: String(port), MILLRACE_FIRST_PASSWORD: PASSWORD, MILLRACE_DATA: place.path, ...environment };
    const factories = [workspacesService, eventsService, runtimeService, gatewayService];
    const definitions = factories.map((factory) => factory(settings)).map((definition) => [definition.name, definition] as const);
    const platform = await openLocalPlatform({ folder: place.path, durability: 'fast', logLevel: 'silent' });
    const household = new Household(`http://127.0.0.1:${port}`, platform, new Map(definitions), place);
    for (const [name] of definitions) await household.start(name);
    return household;
  }

  async start(name: string): Promise<void> {
    const definition = this.definitions.get(name);
    if (definition === undefined) throw new Error(`There is no service ${name}.`);
    this.running.set(name, await start(definition, this.platform, new AdminServer({ host: '127.0.0.1', port: 0 })));
  }

  async stop(name: string): Promise<void> {
    await this.running.get(name)?.stop();
    this.running.delete(name);
  }

  async call(token: string, method: string, path: string, body?: object | string): Promise<Answer> {
    const type = typeof body === 'string' ? 'application/yaml' : 'application/json';
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as JsonMap) };
  }

  /** As a call, of which anything but success is a mistake of the test. */
  async done(...asked: Parameters<Household['call']>): Promise<JsonMap> {
    const { status, body } = await this.call(...asked);
    if (status >= 300) throw new Error(`${asked[1]} ${asked[2]}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** What the receipt shows, as soon as it is as wished. */
  async erasure(receipt: string, wished: (erasure: JsonMap) => boolean): Promise<JsonMap> {
    const over = performance.now() + PATIENCE;
    for (;;) {
      const erasure = await this.done('', 'GET', `/v1/me/erasure?receipt=${receipt}`);
      if (wished(erasure)) return erasure;
      if (performance.now() > over) throw new Error(`Still ${JSON.stringify(erasure)}.`);
      await new Promise(setImmediate);
    }
  }

  /** The services that say of somebody that they have erased, as soon as so many have. */
  async erasers(user: string, count: number): Promise<readonly string[]> {
    const services: string[] = [];
    for await (const { type, payload } of this.platform.eventLog.read('first', 'platform.*.users.erased', { live: true })) {
      const said = JSON.parse(new TextDecoder().decode(payload)) as { readonly user: string };
      if (said.user === user) services.push(type.replace('.users.erased', ''));
      if (services.length === count) break;
    }
    return services.toSorted();
  }

  /** Stops all, and answers what of these texts still stands in any file, as `file: text`. */
  async left(texts: readonly string[]): Promise<readonly string[]> {
    await this.close();
    return readdirSync(this.place.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap(({ parentPath, name }) => {
        const bytes = readFileSync(join(parentPath, name));
        return texts.filter((text) => bytes.includes(text)).map((text) => `${name}: ${text}`);
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    this.place[Symbol.dispose]();
  }

  private async close(): Promise<void> {
    if (this.running.size === 0) return;
    for (const name of [...this.running.keys()].toReversed()) await this.stop(name);
    await this.platform.close();
  }
}
