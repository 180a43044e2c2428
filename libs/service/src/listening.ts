import { DomainError } from '@millrace/kernel';

/** Why a port cannot be listened on, and what to do; any other error is given back as it is. `variable` names the setting of the port. */
export function listeningRefused(error: unknown, host: string, port: number, variable: string): unknown {
  // Not instanceof: an error of Node itself is of another realm where code runs in a context of its own.
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return refusal(
        `Port ${port} on ${host} is in use, perhaps by another Millrace. Stop that, or choose another port: ${variable}=${port + 10}.`,
      );
    case 'EACCES':
      return refusal(`This user may not listen on port ${port}. Choose one above 1023: ${variable}=4000.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return refusal(`This machine has no address "${host}". Listen on 127.0.0.1, or on an address it has.`);
    default:
      return error;
  }
}

function refusal(sentence: string): DomainError {
  return new DomainError('service.port_unusable', 'unavailable', sentence);
}
