import type { ServiceHealth } from '../health';
import type { AdminAnswer, Administered } from './administered';

/** What is asked of a process before work is given to it. */
export class Readiness {
  constructor(
    private readonly services: ReadonlyMap<string, Administered>,
    /** The services it will hold; more may be added. */
    private readonly expected: ReadonlySet<string>,
  ) {}

  /** Whether all of it has been ready once: a slow start is no failure. */
  async startup(): Promise<AdminAnswer> {
    const services = await this.reports();
    const started = this.isComplete(services) && services.every((service) => service.started);
    return {
      status: started ? 200 : 503,
      body: { started, services: services.map(({ service, started: has }) => ({ service, started: has })) },
    };
  }

  /** Whether it takes work; `verbose`: why not, by dependency. */
  async readiness(verbose: boolean): Promise<AdminAnswer> {
    const services = await this.reports();
    const ready = this.isComplete(services) && services.every((service) => service.ready);
    const shown = verbose ? services : services.map(({ service, ready: is }) => ({ service, ready: is }));
    return { status: ready ? 200 : 503, body: { ready, services: shown } };
  }

  private reports(): Promise<ServiceHealth[]> {
    return Promise.all([...this.services.values()].map(({ health }) => health.report()));
  }

  private isComplete(services: readonly ServiceHealth[]): boolean {
    return services.length > 0 && [...this.expected].every((name) => this.services.has(name));
  }
}
