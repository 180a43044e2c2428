import { runBackup, runProcess, runTask } from '@millrace/service';
import { standalone } from './standalone';

const [task, ...words] = process.argv.slice(2);
await (task === 'backup' ? runTask((environment) => runBackup(words, environment)) : runProcess(standalone));
