export { workspacesService } from './workspaces.module';
