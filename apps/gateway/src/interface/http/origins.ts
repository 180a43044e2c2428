import type { OpenOrigins } from '../../application/ports/open-origins';
import { workspaceOpening } from './door/workspace-places';

/**
 * The origins whose pages may call, exactly as browsers send them: those the operators named, everywhere; those of a workspace in its own
 * places. Both may change while the gateway runs.
 */
export class Origins {
  private more: ReadonlySet<string> = new Set();
  private ofWorkspaces: OpenOrigins | undefined;

  /** `always`: those that hold as long as the process runs. */
  constructor(private readonly always: readonly string[] = []) {}

  /** Whether pages of the origin may call at this path. */
  letsIn(path: string, origin: string): boolean {
    if (this.has(origin)) return true;
    const workspace = workspaceOpening(path);
    return workspace !== undefined && this.ofWorkspaces?.letsIn(workspace, origin) === true;
  }

  /** Whether pages of the origin may call everywhere. */
  has(origin: string): boolean {
    return this.always.includes(origin) || this.more.has(origin);
  }

  /** Replaces those that come and go. */
  setMore(more: readonly string[]): void {
    this.more = new Set(more);
  }

  /** Adds those that workspaces let in. */
  addWorkspaces(open: OpenOrigins): void {
    this.ofWorkspaces = open;
  }
}
