import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Milliseconds that a look may take. */
const PATIENCE = 2_000;

/** The metrics of one service, in a registry of its own, labelled `service`. Names get the prefix `millrace_`; labels never hold ids. */
export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
  }

  /** Adds the process's own metrics (memory, event loop, garbage collection). Once a process. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name: `millrace_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge({ name: `millrace_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** A gauge that is looked at when somebody asks for it. What cannot be told within two seconds is left out; the others are told all the same. */
  observed<L extends string>(name: string, help: string, labelNames: readonly L[], look: (gauge: Gauge<L>) => void | Promise<void>): void {
    new Gauge({
      name: `millrace_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      async collect() {
        this.reset();
        try {
          await within(PATIENCE, look(this));
        } catch {
          // The values that were set so far may be told; the one without labels stands at 0 by itself, which would be a lie.
          if (labelNames.length === 0) this.remove();
        }
      },
    });
  }

  /** A histogram of seconds. */
  seconds<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Histogram<L> {
    return new Histogram({ name: `millrace_${name}`, help, labelNames: [...labelNames], buckets: SECONDS, registers: [this.registry] });
  }
}

/** Settles as the work does; rejects when that takes longer. */
function within(milliseconds: number, work: void | Promise<void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('It takes too long.')), milliseconds);
  Promise.resolve(work)
    .then(resolve, reject)
    .finally(() => clearTimeout(timer));
  return promise;
}
