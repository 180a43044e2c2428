import { eventsService } from '@millrace/events';
import { gatewayService } from '@millrace/gateway';
import { runtimeService } from '@millrace/runtime';
import { processSettings, startProcess, type Environment, type RunningProcess } from '@millrace/service';
import { workspacesService } from '@millrace/workspaces';
import { welcome } from './welcome';

/** All services in this process, on the embedded platform: the gateway last, so that nobody is let in before all is ready. */
export async function standalone(environment: Environment): Promise<RunningProcess> {
  const started = performance.now();
  const settings = processSettings(environment);
  const services = [workspacesService, eventsService, runtimeService, gatewayService].map((factory) => factory(environment));
  const running = await startProcess(services, settings);
  process.stdout.write(welcome({ milliseconds: Math.round(performance.now() - started) }));
  return running;
}
