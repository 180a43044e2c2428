import { ApprovalsService, EventsService, GatewayService, RunsService, RuntimeService, WorkspacesService } from '@millrace/contracts';

/** Every service whose methods may have routes. */
export const PUBLIC_SERVICES = [GatewayService, WorkspacesService, EventsService, RuntimeService, RunsService, ApprovalsService];
