import { runProcess } from '@millrace/service';
import { standalone } from './standalone';

await runProcess(standalone);
