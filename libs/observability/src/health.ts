/** Says whether a dependency can be used: resolves when it can, throws with the reason when it cannot. */
export type HealthCheck = () => Promise<void>;

export interface DependencyHealth {
  readonly name: string;
  readonly ok: boolean;
  /** Milliseconds the check took. */
  readonly latency: number;
  readonly reason?: string;
  /** False: the service does most of its work without it, and may be ready while it is away. */
  readonly essential?: false;
  /** What it can do here, where that differs from place to place. */
  readonly capabilities?: Capabilities;
}

/** By name, what a dependency was found or set up to be. */
export type Capabilities = Readonly<Record<string, string | number | boolean>>;

/** How a dependency is taken. */
export interface DependencyTerms {
  /** Whether the service is ready only with it; true when absent. */
  readonly essential?: boolean;
  readonly capabilities?: Capabilities;
}

export interface ServiceHealth {
  readonly service: string;
  /** It has served before, and may be draining. */
  readonly started: boolean;
  readonly ready: boolean;
  readonly dependencies: readonly DependencyHealth[];
}

const CHECK_LIMIT = 2_000;

interface Dependency {
  readonly check: HealthCheck;
  readonly terms: DependencyTerms;
}

/** Whether one service can do its work: it has started, is not draining, and its dependencies answer. */
export class Health {
  private readonly checks = new Map<string, Dependency>();
  private serving = false;
  private started = false;
  /** The answers that are on their way. */
  private asked?: Promise<readonly DependencyHealth[]> | undefined;

  constructor(readonly service: string) {}

  /** Adds a dependency that must answer for the service to be ready; one that is not `essential` is only shown. */
  depend(name: string, check: HealthCheck, terms: DependencyTerms = {}): void {
    this.checks.set(name, { check, terms });
  }

  /** The service takes work, or stops taking it (drain). */
  setServing(serving: boolean): void {
    this.serving = serving;
    this.started ||= serving;
  }

  /** Who asks while others wait gets the answers they get: however many ask, each dependency is asked once at a time. */
  async report(): Promise<ServiceHealth> {
    this.asked ??= this.examineAll().finally(() => (this.asked = undefined));
    const dependencies = await this.asked;
    const able = dependencies.every(({ ok, essential }) => ok || essential === false);
    return { service: this.service, started: this.started, ready: this.serving && able, dependencies };
  }

  private examineAll(): Promise<readonly DependencyHealth[]> {
    return Promise.all([...this.checks].map(([name, dependency]) => examine(name, dependency)));
  }
}

async function examine(name: string, { check, terms: { essential = true, capabilities } }: Dependency): Promise<DependencyHealth> {
  const known = { name, ...(essential ? {} : { essential }), ...(capabilities === undefined ? {} : { capabilities }) };
  const started = performance.now();
  const took = (): number => Math.round((performance.now() - started) * 10) / 10;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_LIMIT} ms`)), CHECK_LIMIT);
  });
  try {
    await Promise.race([check(), limit]);
    return { ...known, ok: true, latency: took() };
  } catch (error) {
    return { ...known, ok: false, latency: took(), reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
