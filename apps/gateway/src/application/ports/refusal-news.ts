/** A request that was refused for who asked: nobody known, or nobody who may. */
export interface RefusedRequest {
  /** Code of the problem it was answered with. */
  readonly code: string;
  /** Method and pattern of the route, without what a caller wrote into it: `GET /v1/workspaces/:workspace_id`. */
  readonly route: string;
  readonly requestId: string;
  /** Who asked, as far as that was found out. */
  readonly caller?: string;
  readonly ip?: string;
}

/** Tells the audit of the platform who was refused. */
export abstract class RefusalNews {
  /** Not waited for, and no fault of the request when it fails. Of many in one second only the first are told, and how many were not. */
  abstract refused(request: RefusedRequest): void;
}
