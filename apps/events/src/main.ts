import { runAlone } from '@millrace/service';
import { eventsService } from './index';

await runAlone(eventsService);
