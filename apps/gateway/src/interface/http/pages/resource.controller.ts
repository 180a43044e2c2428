import { Controller, Get, Inject, UseFilters } from '@nestjs/common';
import { ProblemFilter } from '../problems/problem-filter';

/** Who gives out the access tokens that this API takes. */
export class TokenIssuer {
  /** `resource`: the address of the API; `issuer`: that of the identity provider. */
  constructor(
    readonly resource: string,
    readonly issuer: string,
  ) {}
}

/** Tells a client that knows this address alone where its person signs in (RFC 9728). */
@UseFilters(ProblemFilter)
@Controller()
export class ResourceController {
  constructor(@Inject(TokenIssuer) private readonly tokens: TokenIssuer) {}

  @Get('.well-known/oauth-protected-resource')
  show(): object {
    const { resource, issuer } = this.tokens;
    return { resource, authorization_servers: [issuer], bearer_methods_supported: ['header'] };
  }
}
