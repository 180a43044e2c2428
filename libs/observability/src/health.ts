/** Says whether a dependency can be used: resolves when it can, throws with the reason when it cannot. */
export type HealthCheck = () => Promise<void>;

export interface DependencyHealth {
  readonly name: string;
  readonly ok: boolean;
  /** Milliseconds the check took. */
  readonly latency: number;
  readonly reason?: string;
}

export interface ServiceHealth {
  readonly service: string;
  readonly ready: boolean;
  readonly dependencies: readonly DependencyHealth[];
}

const CHECK_LIMIT = 2_000;

/** Whether one service can do its work: it has started, is not draining, and its dependencies answer. */
export class Health {
  private readonly checks = new Map<string, HealthCheck>();
  private serving = false;

  constructor(readonly service: string) {}

  /** Adds a dependency that must answer for the service to be ready. */
  depend(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** The service takes work, or stops taking it (drain). */
  setServing(serving: boolean): void {
    this.serving = serving;
  }

  async report(): Promise<ServiceHealth> {
    const dependencies = await Promise.all([...this.checks].map(([name, check]) => examine(name, check)));
    return { service: this.service, ready: this.serving && dependencies.every((dependency) => dependency.ok), dependencies };
  }
}

async function examine(name: string, check: HealthCheck): Promise<DependencyHealth> {
  const started = performance.now();
  const took = (): number => Math.round((performance.now() - started) * 10) / 10;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_LIMIT} ms`)), CHECK_LIMIT);
  });
  try {
    await Promise.race([check(), limit]);
    return { name, ok: true, latency: took() };
  } catch (error) {
    return { name, ok: false, latency: took(), reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
