/** Which pages of other origins the workspaces let in. */
export abstract class OpenOrigins {
  /** Whether the workspace (id or slug) lets in pages of this origin, exactly as browsers send it. Costs nothing: it is known before. */
  abstract letsIn(workspace: string, origin: string): boolean;
}
