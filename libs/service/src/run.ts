import { join } from 'node:path';
import { DomainError } from '@millrace/kernel';
import { AdminServer, Metrics } from '@millrace/observability';
import { openLocalPlatform } from './local-platform';
import { listeningRefused } from './listening';
import { processSettings, type ProcessSettings } from './process-settings';
import { environment } from './config';
import type { Environment } from './settings';
import { start, type RunningService, type ServiceDefinition } from './start';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** How a service is made from the environment: what a service exports. */
export type ServiceFactory = (environment: Environment) => ServiceDefinition;

export interface RunningProcess {
  readonly services: readonly RunningService[];
  readonly adminPort: number;
  /** Stops the services in the reverse order of their start, then what they stood on. */
  stop(): Promise<void>;
}

/** Starts services, in order, on the embedded platform of one folder, with one admin port. What had started is stopped when one fails. */
export async function startProcess(definitions: readonly ServiceDefinition[], settings: ProcessSettings): Promise<RunningProcess> {
  const { data, durability, logLevel } = settings;
  const platform = await openLocalPlatform({ folder: data, durability, logLevel });
  const admin = adminServer(settings);
  const services: RunningService[] = [];
  const stop = async (): Promise<void> => {
    for (const service of services.toReversed()) await service.stop();
    await admin.close();
    await platform.close();
  };
  try {
    const adminPort = await admin.listen().catch((error: unknown) => {
      throw listeningRefused(error, settings.adminHost, settings.adminPort, 'MILLRACE_ADMIN_PORT');
    });
    for (const definition of definitions) services.push(await start(definition, platform, admin));
    return { services, adminPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One service alone in its process, on the embedded platform: data below `<data>/<service>`, settings from the environment. */
export async function runAlone(factory: ServiceFactory): Promise<void> {
  await runProcess(async (environment) => {
    const definition = factory(environment);
    const settings = processSettings(environment);
    return startProcess([definition], { ...settings, data: join(settings.data, definition.name) });
  });
}

/** Runs until a signal asks to stop; then drains and ends. A start that fails ends the process with a sentence that says what to do. */
export async function runProcess(begin: (environment: Environment) => Promise<RunningProcess>): Promise<void> {
  try {
    const running = await begin(environment());
    for (const signal of SIGNALS) process.once(signal, () => void end(running));
  } catch (error) {
    process.stderr.write(`\n${sentenceOf(error)}\n`);
    process.exitCode = 1;
    setImmediate(() => process.exit());
  }
}

async function end(running: RunningProcess): Promise<void> {
  try {
    await running.stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exit(1);
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof DomainError) return `Millrace cannot start: ${error.message}`;
  return `Millrace failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function adminServer({ adminHost: host, adminPort: port, adminToken, heapdump, data }: ProcessSettings): AdminServer {
  const admin = new AdminServer({
    host,
    port,
    ...(adminToken === undefined ? {} : { token: adminToken }),
    ...(heapdump ? { heapDumps: join(data, 'heap-dumps') } : {}),
  });
  const metrics = new Metrics('process');
  metrics.collectProcess();
  admin.addMetrics(metrics);
  return admin;
}
