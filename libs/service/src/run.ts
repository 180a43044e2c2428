import { join } from 'node:path';
import { DomainError } from '@millrace/kernel';
import { AdminServer, Metrics, PinoLog } from '@millrace/observability';
import { listeningRefused } from './listening';
import { openPlatform } from './open-platform';
import type { Platform } from './platform';
import { Presence } from './presence/presence';
import { processSettings, type ProcessSettings } from './settings/process-settings';
import { environment } from './config';
import type { Environment } from './settings/settings';
import { holdThreadsBack } from './threads';
import { start, type RunningService, type ServiceDefinition } from './start';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Milliseconds from the signal to the end at the latest: runs are given 20 s, and the servers may be away. */
const LONGEST_END = 28_000;

/** How a service is made from the environment: what a service exports. */
export type ServiceFactory = (environment: Environment) => ServiceDefinition;

export interface RunningProcess {
  readonly services: readonly RunningService[];
  readonly adminPort: number;
  /** Stops the services in the reverse order of their start, then what they stood on. */
  stop(): Promise<void>;
}

/**
 * Starts services, in order, on the platform that the settings name, with one admin port. On the cluster platform it waits for the
 * servers, alive and not ready meanwhile. What had started is stopped when one fails.
 */
export async function startProcess(definitions: readonly ServiceDefinition[], settings: ProcessSettings): Promise<RunningProcess> {
  const admin = adminServer(definitions, settings);
  const services: RunningService[] = [];
  let platform: Platform | undefined;
  let presence: Presence | undefined;
  const stop = async (): Promise<void> => {
    for (const service of services.toReversed()) await service.stop();
    await presence?.end();
    await admin.close();
    await platform?.close();
  };
  try {
    const adminPort = await admin.listen().catch((error: unknown) => {
      throw listeningRefused(error, settings.adminHost, settings.adminPort, 'MILLRACE_ADMIN_PORT');
    });
    platform = await openPlatform(settings, definitions, admin);
    for (const definition of definitions) services.push(await start(definition, platform, admin));
    presence = Presence.begin(
      services.map(({ parts }) => parts),
      platform,
    );
    return { services, adminPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * One service alone in its process, on the platform that the environment names: on the embedded one with data of its own below
 * `<data>/<service>`, or on the cluster platform beside the others.
 */
export async function runAlone(factory: ServiceFactory): Promise<void> {
  await runProcess(async (environment) => {
    const definition = factory(environment);
    const settings = processSettings(environment, [definition]);
    return startProcess([definition], { ...settings, data: join(settings.data, definition.name) });
  });
}

/**
 * Runs until a signal asks to stop; then drains and ends, also while it still waits for a server. A start that fails ends the process
 * with a sentence that says what to do.
 */
export async function runProcess(begin: (environment: Environment) => Promise<RunningProcess>): Promise<void> {
  let running: RunningProcess | undefined;
  // Nothing is in hand of who has not begun.
  for (const signal of SIGNALS) process.once(signal, () => (running === undefined ? process.exit(0) : void end(running)));
  try {
    running = await begin(environment());
    holdThreadsBack();
  } catch (error) {
    process.stderr.write(`\n${sentenceOf(error)}\n`);
    process.exitCode = 1;
    setImmediate(() => process.exit());
  }
}

/** Does something in place of a service, prints what it answers, and ends; with a sentence that says what to do when it fails. */
export async function runTask(task: (environment: Environment) => Promise<string>): Promise<void> {
  try {
    process.stdout.write(await task(environment()));
  } catch (error) {
    process.stderr.write(`\n${error instanceof DomainError ? error.message : sentenceOf(error)}\n`);
    process.exitCode = 1;
  }
}

async function end(running: RunningProcess): Promise<void> {
  setTimeout(() => {
    process.stderr.write(
      `Millrace gives up draining after ${LONGEST_END / 1000} s. What it had in hand goes on elsewhere, or at the next start.\n`,
    );
    process.exit(1);
  }, LONGEST_END).unref();
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

function adminServer(definitions: readonly ServiceDefinition[], settings: ProcessSettings): AdminServer {
  const { adminHost: host, adminPort: port, adminToken, heapdump, data, logLevel, shown } = settings;
  const admin = new AdminServer({
    ...{ host, port, settings: shown, services: definitions.map(({ name }) => name), log: new PinoLog('admin', logLevel) },
    ...(adminToken === undefined ? {} : { token: adminToken }),
    ...(heapdump ? { heapDumps: join(data, 'heap-dumps') } : {}),
  });
  const metrics = new Metrics('process');
  metrics.collectProcess();
  admin.addMetrics(metrics);
  return admin;
}
