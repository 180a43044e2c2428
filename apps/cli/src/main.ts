import { millrace } from './millrace';
import { processTerminal } from './terminal/process-terminal';

process.exitCode = await millrace(process.argv.slice(2), processTerminal());
