import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { ActivityItemAnswer } from '../documents/answers.js';
import { WrittenActivityAnswer } from '../documents/written-answers.js';
import { THREAD_EXAMPLE } from './comment-examples.js';

const COMMENT_ID = { description: 'The id to delete it by', example: '0192f0c4-7c1e-8b7a-9d1c-6f1b2a3c4d5e' };
const TEXT = 'Procurement asked about SOC2 — need to send report.';
const PARENT = { type: String, nullable: true, description: 'The comment that it answers' } as const;

export class CommentAnswer extends ActivityItemAnswer {
  @ApiProperty(COMMENT_ID)
  commentId: string;

  @ApiProperty(PARENT)
  parentCommentId: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'null after erasure', example: TEXT })
  text: string | null;

  @ApiProperty({ type: [String], description: 'Users who are mentioned', example: ['user-jane'] })
  mentions: string[];

  @ApiProperty({ enum: [false] })
  deleted: boolean;
}

export class ThreadedCommentAnswer extends CommentAnswer {
  @ApiProperty({ type: 'integer', minimum: 0, example: 0, description: '0 for what begins a thread; one more than what it answers' })
  depth: number;
}

/** What is left of a deleted comment that others have answered. */
export class DeletedCommentAnswer {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty(COMMENT_ID)
  commentId: string;

  @ApiProperty(PARENT)
  parentCommentId: string | null;

  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  depth: number;

  @ApiProperty({ format: 'date-time', example: '2026-01-05T14:30:00.000000Z' })
  occurredAt: string;

  @ApiProperty({ type: String, nullable: true, enum: [null] })
  text: null;

  @ApiProperty({ enum: [true] })
  deleted: boolean;
}

@ApiExtraModels(ThreadedCommentAnswer, DeletedCommentAnswer)
export class CommentsAnswer {
  @ApiProperty({
    type: 'array',
    example: THREAD_EXAMPLE,
    description: 'Threads with the newest beginning first; in a thread every comment before its replies, replies oldest first',
    items: { oneOf: [{ $ref: getSchemaPath(ThreadedCommentAnswer) }, { $ref: getSchemaPath(DeletedCommentAnswer) }] },
  })
  items: (ThreadedCommentAnswer | DeletedCommentAnswer)[];

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Comments on the record that are not deleted; of its newest 10,000',
    example: 1,
  })
  total: number;

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    description: 'The position as of which the thread is shown, on every page of it',
    example: 971,
  })
  pin: number;

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the page after this one; null on the last' })
  next: string | null;
}

export class WrittenCommentAnswer extends WrittenActivityAnswer {
  @ApiProperty(COMMENT_ID)
  commentId: string;

  @ApiProperty(PARENT)
  parentCommentId: string | null;

  @ApiProperty({ type: String, nullable: true, example: TEXT })
  text: string | null;

  @ApiProperty({ type: [String], example: ['user-jane'] })
  mentions: string[];

  @ApiProperty({ enum: [false] })
  deleted: boolean;
}
