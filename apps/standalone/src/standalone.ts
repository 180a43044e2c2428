import { eventsService } from '@millrace/events';
import { gatewayService, type FirstSignIn } from '@millrace/gateway';
import { runtimeService } from '@millrace/runtime';
import { processSettings, startProcess, type Environment, type RunningProcess } from '@millrace/service';
import { workspacesService } from '@millrace/workspaces';
import { keepFirstSignIn } from './first-sign-in';
import { welcome } from './welcome';

/** All services in this process, on the embedded platform: the gateway last, so that nobody is let in before all is ready. */
export async function standalone(environment: Environment): Promise<RunningProcess> {
  let firstSignIn: FirstSignIn | undefined;
  const gateway = gatewayService(environment, { onFirstSignIn: (first) => (firstSignIn = first) });
  const others = [workspacesService, eventsService, runtimeService].map((factory) => factory(environment));
  const services = [...others, gateway];
  const settings = processSettings(environment, services);
  const running = await startProcess(services, settings);
  const first = firstSignIn === undefined ? {} : { firstSignIn, keptIn: keepFirstSignIn(settings.data, firstSignIn) };
  const adminUrl = `http://${settings.adminHost}:${running.adminPort}`;
  process.stdout.write(welcome({ url: gateway.publicUrl, adminUrl, milliseconds: Math.round(performance.now()), ...first }));
  return running;
}
