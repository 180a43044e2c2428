import { Clock } from '@millrace/kernel';
import { Controller, Get, Header, Inject, UseFilters } from '@nestjs/common';
import { ProblemFilter } from '../problems/problem-filter';

/** Days for which the file may be relied on once it was read. */
const VALID = 90;
const DAY = 86_400_000;

/** Where to write about a weakness. */
export class SecurityContact {
  /** `address`: a URI. */
  constructor(readonly address: string) {}
}

/** Tells who found a weakness whom to tell (RFC 9116). */
@UseFilters(ProblemFilter)
@Controller()
export class SecurityController {
  constructor(
    @Inject(SecurityContact) private readonly contact: SecurityContact,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get('.well-known/security.txt')
  @Header('content-type', 'text/plain; charset=utf-8')
  show(): string {
    const expires = new Date(this.clock.now() + VALID * DAY).toISOString();
    return `Contact: ${this.contact.address}\nExpires: ${expires}\nPreferred-Languages: en\n`;
  }
}
