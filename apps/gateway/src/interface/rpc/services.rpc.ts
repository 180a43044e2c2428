import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ServicesService, type ListServicesRequest } from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ReadServices } from '../../application/operating/read-services';
import type { RunningService } from '../../application/ports/running-services';

const { method } = ServicesService;
const SERVICES = new Listing(method.listServices);

/** The services of the platform, for those who run it. */
@Controller()
export class ServicesRpc {
  constructor(@Inject(ReadServices) private readonly read: ReadServices) {}

  @Rpc(method.listServices)
  async list(request: ListServicesRequest, context: CallContext) {
    return SERVICES.among(request, (await this.read.list(context)).map(messageOf));
  }
}

function messageOf({ startedAt, dependencies, ...service }: RunningService) {
  const known = dependencies.map(({ reason = '', ...dependency }) => ({ ...dependency, reason }));
  return { ...service, startedAt: timestampFromMs(startedAt), dependencies: known };
}
