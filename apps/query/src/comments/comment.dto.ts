import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { MOST_MENTIONS } from '#libs/comments';
import { ANY_RECORD } from '#libs/contracts';
import { NO_CONTROLS, toNumber } from '../http/read-parameters.js';

const LONGEST_TEXT = 20_000;

/** A comment, as seed 002 writes it, and what it answers. */
export class CommentDto {
  @ApiProperty({ enum: ANY_RECORD, example: 'lead' })
  @IsString()
  @Length(1, 64)
  datatype: string;

  @ApiProperty({ example: 'lead-xyz' })
  @IsString()
  @Length(1, 255)
  @Matches(NO_CONTROLS, { message: 'ownerId must not hold control characters' })
  ownerId: string;

  @ApiProperty({ minLength: 1, maxLength: LONGEST_TEXT, example: 'Procurement asked about SOC2 — need to send report.' })
  @IsString()
  @Length(1, LONGEST_TEXT)
  @Matches(/\S/, { message: 'text must not be blank' })
  text: string;

  @ApiPropertyOptional({ type: [String], description: 'Users to notify', example: ['user-jane'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_MENTIONS)
  @IsString({ each: true })
  @Length(1, 255, { each: true })
  @Matches(NO_CONTROLS, { each: true, message: 'mentions must not hold control characters' })
  mentions?: string[];

  @ApiPropertyOptional({ description: 'The comment on the same record that this one answers' })
  @IsOptional()
  @IsString()
  @Length(1, 255)
  parentCommentId?: string;
}

export class CommentPathDto {
  @ApiProperty({ description: 'The comment id, or the id of the item', example: '0192f0c4-7c1e-8b7a-9d1c-6f1b2a3c4d5e' })
  @IsString()
  @Length(1, 255)
  @Matches(NO_CONTROLS, { message: 'id must not hold control characters' })
  id: string;
}

export class DeleteCommentDto {
  @ApiPropertyOptional({ maxLength: 2000, example: 'wrong lead' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  reason?: string;
}

export class CommentsQueryDto {
  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 200, default: 50, description: 'Items a page' })
  @Transform(toNumber)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @IsString()
  @Length(1, 400)
  cursor?: string;
}
