import { runAlone } from '@millrace/service';
import { gatewayService } from './index';

await runAlone(gatewayService);
