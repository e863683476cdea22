import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { ActivityItemAnswer, ItemAnswer } from './answers.js';

const TOKEN = {
  description: 'Send it with a read, as header position-token or parameter token, and the read waits until it shows this',
  example: '971',
} as const;

/** An item that was just written. */
export class WrittenItemAnswer extends ItemAnswer {
  @ApiProperty(TOKEN)
  token: string;
}

export class WrittenActivityAnswer extends ActivityItemAnswer {
  @ApiProperty(TOKEN)
  token: string;
}

export class PendingAnswer {
  @ApiProperty({ format: 'uuid', description: 'The id under which the entry will be read' })
  id: string;

  @ApiProperty({ format: 'uuid', description: 'A position token: a read that carries it waits for the entry' })
  token: string;
}

const headers = {
  'position-token': { description: 'As the member token', schema: { type: 'string' as const } },
  location: { description: 'Where the entry is read', schema: { type: 'string' as const } },
};

const ENTRY = {
  id: '0192f0c4-7c1e-8b7a-9d1c-6f1b2a3c4d5e',
  source: '/annals/manage',
  sourceId: '0192f0c4-7c1e-7f00-9d1c-6f1b2a3c4d5e',
  position: 971,
  actor: { type: 'human', id: 'jane@example.com' },
  occurredAt: '2026-01-05T14:30:00.000000Z',
  appendedAt: '2026-01-05T14:30:00.021000Z',
  tabs: [],
};

interface Said {
  /** What is answered once the entry stands in the log. */
  readonly type: new () => object;
  /** When the answer is 200. */
  readonly repeated: string;
  /** What is answered, beside the members that every entry has. */
  readonly example: object;
  /** False where there is no 201. */
  readonly creates?: boolean;
}

/** The answers of a route that writes, and the header that makes a repeat harmless. */
export function ApiWrites({ type, repeated, example: own, creates = true }: Said): MethodDecorator {
  const example = { ...ENTRY, ...own, token: '971' };
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: '1 to 255 characters of ASCII; the same key and content again gives the same entry, whoever is asked',
    }),
    ...(creates ? [ApiCreatedResponse({ type, headers, example, description: 'It stands in the log' })] : []),
    ApiOkResponse({ type, headers, example, description: repeated }),
    ApiAcceptedResponse({ type: PendingAnswer, headers, description: 'It is on its way; read it with the token' }),
  );
}
