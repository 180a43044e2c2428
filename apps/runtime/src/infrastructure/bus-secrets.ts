import { SecretsService } from '@millrace/contracts';
import { servicePrincipal, type Clock, type Ids } from '@millrace/kernel';
import type { Bus } from '@millrace/messaging';
import { Secrets } from '../application/ports/secrets';

type Values = Readonly<Record<string, string>>;

interface Known {
  readonly values: Promise<Values>;
  readonly until: number;
}

const PATIENCE = 5_000;
/** Milliseconds for which values are known: as long as one that was changed or deleted may still count. What is missing is asked for again. */
const KNOWN_FOR = 5_000;
const MOST = 1_000;

/** Secrets from the service of workspaces; calls that come together ask once. */
export class BusSecrets extends Secrets {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    super();
  }

  override resolve(workspaceId: string, names: readonly string[]): Promise<Values> {
    const key = [workspaceId, ...names].join(' ');
    const held = this.known.get(key);
    const now = this.clock.now();
    if (held !== undefined && held.until > now) return held.values;
    const values = this.ask(workspaceId, names, now);
    const forget = (): void => void this.known.delete(key);
    values.then((found) => (names.every((name) => Object.hasOwn(found, name)) ? undefined : forget()), forget);
    this.known.delete(key);
    this.known.set(key, { values, until: now + KNOWN_FOR });
    const [oldest] = this.known.keys();
    if (this.known.size > MOST && oldest !== undefined) this.known.delete(oldest);
    return values;
  }

  private async ask(workspaceId: string, names: readonly string[], now: number): Promise<Values> {
    const context = { principal: servicePrincipal('runtime'), correlationId: this.ids.mint('cor'), deadline: now + PATIENCE };
    return (await this.bus.call(SecretsService.method.resolveSecrets, { workspaceId, names: [...names] }, context)).values;
  }
}
