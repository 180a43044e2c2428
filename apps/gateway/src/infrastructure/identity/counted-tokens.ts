import type { Identity } from '@millrace/auth';
import type { Metrics } from '@millrace/observability';
import type { Counter } from 'prom-client';
import { Tokens } from '../../application/ports/tokens';

/** Counts how often access tokens are looked at: a client that connects again is to cost one look. */
export class CountedTokens extends Tokens {
  private readonly looks: Counter;

  constructor(
    private readonly tokens: Tokens,
    metrics: Metrics,
  ) {
    super();
    this.looks = metrics.counter('gateway_tokens_checked_total', 'Access tokens that were looked at, good or not.');
  }

  override verify(token: string): Promise<Identity> {
    this.looks.inc();
    return this.tokens.verify(token);
  }
}
