import { runAlone } from '@millrace/service';
import { runtimeService } from './index';

await runAlone(runtimeService);
