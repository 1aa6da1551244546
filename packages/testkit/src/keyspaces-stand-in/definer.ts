import { write } from '../proxy/cql-body.ts';
import { opcodes } from '../proxy/cql-frames.ts';
import { cqlErrors, type CqlReply, replyReader, resultKinds, voidReply } from '../proxy/cql-reply.ts';
import type { CqlRequest } from '../proxy/cql-request.ts';
import type { CqlServerSide } from '../proxy/cql-session.ts';
import type { Definition } from './definitions.ts';
import { withText } from './request-text.ts';
import type { ResourceName, Resources } from './resources.ts';
import { drop, isThere, schemaAgreement, schemaIsAgreed } from './server-questions.ts';

/** Carries definitions out: what is made or changed at once, with a state that tells of it later; what is dropped when its time is over. */
export class Definer {
  readonly #resources: Resources;

  constructor(resources: Resources) {
    this.#resources = resources;
  }

  /** `name`: what it defines; undefined where that is neither a keyspace nor a table. */
  async define(definition: Definition, name: ResourceName | undefined, request: CqlRequest, server: CqlServerSide): Promise<CqlReply> {
    if (definition.refusal !== undefined) return cqlErrors.invalid(definition.refusal);
    if (definition.verb === 'DROP' && name !== undefined && this.#resources.deletesLate && (await isThere(server, name))) {
      this.#resources.deleting(name);
      return droppedReply(name);
    }
    const reply = definition.cql === undefined ? voidReply : await server.forward(withText(request, definition.cql));
    if (reply.opcode !== opcodes.RESULT) return reply;
    if (name !== undefined) this.#note(definition, name, replyReader(reply).int() === resultKinds.schemaChange);
    // What was created is used when it is ACTIVE; what was changed may be used all the time.
    if (definition.verb !== 'CREATE') await schemaAgreement(server);
    return reply;
  }

  /** Ends the states whose time is over. */
  async settle(server: CqlServerSide): Promise<void> {
    if (this.#resources.waitsForAgreement() && (await schemaIsAgreed(server))) this.#resources.agreed();
    for (const name of this.#resources.takeDeleted()) {
      await drop(server, name);
      await schemaAgreement(server);
      this.#resources.dropped(name);
    }
  }

  /** `changed`: whether Cassandra has changed; to it, a change of what Keyspaces keeps for itself is none. */
  #note({ verb, multiRegion, customProperties }: Definition, name: ResourceName, changed: boolean): void {
    if (verb === 'DROP') return this.#resources.dropped(name);
    if (verb === 'CREATE' && !changed) return;
    if (verb === 'CREATE') this.#resources.created(name);
    else if (name.table !== undefined) this.#resources.updated(name);
    if (name.table !== undefined) this.#resources.setProperties(name, customProperties);
    else if (multiRegion !== undefined) this.#resources.setMultiRegion(name.keyspace, multiRegion);
  }
}

/** The RESULT of a DROP, native protocol v4, section 4.2.5.5. */
function droppedReply({ keyspace, table }: ResourceName): CqlReply {
  const names = table === undefined ? ['KEYSPACE', keyspace] : ['TABLE', keyspace, table];
  const body = Buffer.concat([write.int(resultKinds.schemaChange), ...['DROPPED', ...names].map(write.string)]);
  return { opcode: opcodes.RESULT, flags: 0, body };
}
