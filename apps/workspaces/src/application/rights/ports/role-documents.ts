import type { SaidRole } from '../manage-roles';

/** Reads roles as people write them in a file. */
export abstract class RoleDocuments {
  /** The roles by their names; a role of every workspace is left out when nothing is said of it. Throws `workspaces.role_invalid` for what is none. */
  abstract read(text: string): Readonly<Record<string, SaidRole>>;
}
