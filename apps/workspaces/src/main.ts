import { runAlone } from '@millrace/service';
import { workspacesService } from './index';

await runAlone(workspacesService);
