import { problem } from '#libs/service';
import type { EventRow } from '#libs/store';
import type { FastifyReply } from '../http/fastify-types.js';
import { meaningless, ProblemException } from '../http/problem-exception.js';
import { TOKEN_HEADER } from '../tokens/await-token.js';
import type { Written } from './write-entry.js';

export interface AnswerForm {
  /** The item as JSON text. */
  readonly print: (row: EventRow) => string;
  /** Where in the request a fault lies that the decoder found at this JSON Pointer of the record. */
  readonly field: (schemaPath: string) => string;
  /** Of an entry that was written now; 201 unless said otherwise. */
  readonly status?: number;
}

/**
 * 201 with the item (200 where it was there already), 202 while it is on its way; the position token stands in the body
 * and in a header. Throws the problem for everything else.
 */
export async function sendWritten(reply: FastifyReply, written: Written, form: AnswerForm): Promise<void> {
  switch (written.outcome) {
    case 'written': {
      const { row, repeated } = written;
      const text = `${form.print(row).slice(0, -1)},"token":"${row.position}"}`;
      return send(reply, repeated ? 200 : (form.status ?? 201), row.id, row.position, text);
    }
    case 'pending':
      return send(reply, 202, written.id, written.id, JSON.stringify({ id: written.id, token: written.id }));
    case 'refused':
      throw meaningless(written.rejection.reason.replaceAll('_', '-'), form.field(written.rejection.schemaPath), written.rejection.message);
    case 'conflict':
      throw meaningless('idempotency-conflict', 'Idempotency-Key', 'was used before for an entry of other content');
    case 'unavailable':
      throw kafkaAway(written.maybe);
  }
}

async function send(reply: FastifyReply, status: number, id: string, token: string, body: string): Promise<void> {
  reply.code(status);
  reply.headers({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    location: `/api/v1/events/${id}`,
    [TOKEN_HEADER]: token,
  });
  await reply.send(body);
}

/** An entry is one record: it is there whole or not at all. */
function kafkaAway(maybe: boolean): ProblemException {
  const detail = maybe
    ? 'Kafka does not answer, and may have taken the entry all the same: a repeat with the same Idempotency-Key is harmless, without one the entry could stand twice'
    : 'Kafka does not answer; nothing was written, a repeat is harmless';
  return new ProblemException(problem({ status: 503, type: 'unavailable', detail }), { 'retry-after': '2' });
}
