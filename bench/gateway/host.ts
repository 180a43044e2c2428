// A gateway with the other services on the embedded platform, and a door of the bench's own beside it: GET /direct makes the calls over the
// bus that others make over HTTP. Settings as for standalone; `BENCH_PORT` is that of the other door.
import { createServer } from 'node:http';
import { GatewayService } from '@millrace/contracts';
import { gatewayService } from '@millrace/gateway';
import type { Principal } from '@millrace/kernel';
import { processSettings, runProcess, startProcess } from '@millrace/service';
import { workspacesService } from '@millrace/workspaces';
import { paced, type Pace } from './paced.mjs';

const ADA: Principal = { kind: 'user', id: 'ada', name: 'Ada', roles: ['person'] };
/** Milliseconds a call may take. */
const PATIENCE = 30_000;

await runProcess(async (environment) => {
  const services = [workspacesService, gatewayService].map((factory) => factory(environment));
  const running = await startProcess(services, processSettings(environment, services));
  const bus = running.services.find(({ name }) => name === 'gateway')?.parts.bus;
  const call = async (): Promise<void> => {
    const context = { principal: ADA, correlationId: 'bench', deadline: Date.now() + PATIENCE };
    const answer = await bus?.call(GatewayService.method.getMe, {}, context);
    if (answer?.principal?.kind !== 'user') throw new Error('The answer is wrong.');
  };
  createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://bench');
    const pace: Pace = {
      callers: Number(searchParams.get('callers')),
      rate: Number(searchParams.get('rate')),
      seconds: Number(searchParams.get('seconds')),
    };
    void paced(pace, call).then((latency) => response.end(JSON.stringify(latency)));
  }).listen(Number(environment['BENCH_PORT']), '127.0.0.1');
  return running;
});
