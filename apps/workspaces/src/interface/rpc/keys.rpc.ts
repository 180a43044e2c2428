import { timestampMs } from '@bufbuild/protobuf/wkt';
import { KeysService } from '@millrace/contracts';
import type {
  CreateKeyRequest,
  KeyRights as RightsMessage,
  ListKeysRequest,
  RevokeKeyRequest,
  RotateKeyRequest,
  UpdateKeyRequest,
} from '@millrace/contracts';
import { Clock, DomainError } from '@millrace/kernel';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ChangeKeys } from '../../application/credentials/change-keys';
import { CreateKey } from '../../application/credentials/create-key';
import { ReadKeys } from '../../application/credentials/read-keys';
import { keyMessage } from './credential-messages';
import { ruleOf } from './rights/rights-messages';

const { method } = KeysService;
const KEYS = new Listing(method.listKeys);
const DAY = 86_400;

@Controller()
export class KeysRpc {
  constructor(
    @Inject(ReadKeys) private readonly read: ReadKeys,
    @Inject(CreateKey) private readonly createKey: CreateKey,
    @Inject(ChangeKeys) private readonly keys: ChangeKeys,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Rpc(method.listKeys)
  list(request: ListKeysRequest, context: CallContext) {
    const now = this.clock.now();
    return KEYS.answer(
      request,
      (page) => this.read.list(context, request.workspaceId, page),
      (stored) => keyMessage(stored, now),
    );
  }

  @Rpc(method.createKey)
  async create({ workspaceId, name, role, rules, addresses, expiresAt }: CreateKeyRequest, context: CallContext) {
    const end = expiresAt === undefined ? {} : { expiresAt: timestampMs(expiresAt) };
    const wish = { name, rights: rightsOf({ role, rules }), addresses, ...end };
    const { stored, secret } = await this.createKey.run(context, workspaceId, wish);
    return { key: keyMessage(stored, this.clock.now()), secret };
  }

  @Rpc(method.updateKey)
  async update({ workspaceId, keyId, name, rights, addresses, expiresAt, ifMatch }: UpdateKeyRequest, context: CallContext) {
    const changes = {
      ...(name === undefined ? {} : { name }),
      ...(rights === undefined ? {} : { rights: rightsOf(rights) }),
      ...(addresses === undefined ? {} : { addresses: addresses.networks }),
      ...(expiresAt === undefined ? {} : { expiresAt: timestampMs(expiresAt) }),
    };
    const stored = await this.keys.update(context, { workspace: workspaceId, key: keyId }, changes, { ifMatch });
    return { key: keyMessage(stored, this.clock.now()) };
  }

  @Rpc(method.revokeKey)
  async revoke({ workspaceId, keyId }: RevokeKeyRequest, context: CallContext) {
    await this.keys.revoke(context, { workspace: workspaceId, key: keyId });
    return {};
  }

  @Rpc(method.rotateKey)
  async rotate({ workspaceId, keyId, overlap = DAY }: RotateKeyRequest, context: CallContext) {
    const { stored, secret } = await this.keys.rotate(context, { workspace: workspaceId, key: keyId }, overlap * 1000);
    return { key: keyMessage(stored, this.clock.now()), secret };
  }
}

/** Exactly one of role and rules. */
function rightsOf({ role, rules }: Pick<RightsMessage, 'role' | 'rules'>) {
  if ((role === '') === (rules.length === 0)) throw rightsUnclear();
  return role === '' ? { rules: rules.map(ruleOf) } : { role };
}

function rightsUnclear(): DomainError {
  return new DomainError('keys.rights_unclear', 'invalid', 'Give the key a role, or rules, and not both: that is what it may do.', {
    errors: [{ pointer: '/role', code: 'unclear', detail: 'Either a role or rules.' }],
  });
}
