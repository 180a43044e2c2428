import { runAlone } from '@millrace/service';
import { runtimeService } from '.';

await runAlone(runtimeService);
