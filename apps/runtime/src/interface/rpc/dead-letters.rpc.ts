import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  DeadLettersService,
  type DeadLetterSchema,
  type DiscardDeadLettersRequest,
  type GetDeadLetterRequest,
  type ListDeadLetterGroupsRequest,
  type ListDeadLettersRequest,
  type RedriveDeadLettersRequest,
} from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ClearDeadLetters } from '../../application/inspecting/dead-letters/clear-dead-letters';
import { ReadDeadLetters, type Letter, type LetterGroup } from '../../application/inspecting/dead-letters/read-dead-letters';

const { method } = DeadLettersService;
const LETTERS = new Listing(method.listDeadLetters);
const GROUPS = new Listing(method.listDeadLetterGroups);
const DEFAULT_RATE = 10;

@Controller()
export class DeadLettersRpc {
  constructor(
    @Inject(ReadDeadLetters) private readonly read: ReadDeadLetters,
    @Inject(ClearDeadLetters) private readonly clear: ClearDeadLetters,
  ) {}

  @Rpc(method.listDeadLetters)
  list(request: ListDeadLettersRequest, context: CallContext) {
    const { workspaceId, fingerprint } = request;
    return LETTERS.answer(request, (page) => this.read.list(context, workspaceId, fingerprint, page), letterMessage);
  }

  @Rpc(method.listDeadLetterGroups)
  groups(request: ListDeadLetterGroupsRequest, context: CallContext) {
    return GROUPS.answer(
      request,
      (page) => this.read.groups(context, request.workspaceId, page),
      (group) => ({ ...group, ...timesOf(group) }),
    );
  }

  @Rpc(method.getDeadLetter)
  async get({ workspaceId, letterId }: GetDeadLetterRequest, context: CallContext) {
    const letter = await this.read.get(context, workspaceId, letterId);
    return { letter: { ...letterMessage(letter), payload: new Uint8Array(letter.event.payload) } };
  }

  @Rpc(method.redriveDeadLetters)
  async redrive({ workspaceId, letters, fingerprint, rate }: RedriveDeadLettersRequest, context: CallContext) {
    const count = await this.clear.redrive(context, workspaceId, { letters, fingerprint }, rate === 0 ? DEFAULT_RATE : rate);
    return { count };
  }

  @Rpc(method.discardDeadLetters)
  async discard({ workspaceId, letters, fingerprint }: DiscardDeadLettersRequest, context: CallContext) {
    return { count: await this.clear.discard(context, workspaceId, { letters, fingerprint }) };
  }
}

function letterMessage(letter: Letter): MessageInitShape<typeof DeadLetterSchema> {
  const { id, fingerprint, automation, reason, attempts, event } = letter;
  return { id, fingerprint, automation, reason, attempts, eventId: event.id, eventType: event.type, ...timesOf(letter) };
}

function timesOf({ firstFailedAt, lastFailedAt }: Pick<LetterGroup, 'firstFailedAt' | 'lastFailedAt'>) {
  return { firstFailedAt: timestampFromMs(firstFailedAt), lastFailedAt: timestampFromMs(lastFailedAt) };
}
