import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

export class SeenBody {
  @ApiProperty({
    type: 'integer',
    format: 'int64',
    minimum: 1,
    description: 'Everything up to here is seen: the `pin` of the list that was shown',
    example: 1202,
  })
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  position: number;
}

export class SeenAnswer {
  @ApiProperty({
    type: 'integer',
    format: 'int64',
    minimum: 0,
    description: 'Up to here the caller has seen the timeline: an item with a greater position is unseen. 0: never looked',
    example: 1202,
  })
  position: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Entries after that position, without what the caller did', example: 3 })
  unseen: number;

  @ApiPropertyOptional({ description: 'Present and true where more may be unseen: what is far behind is not counted' })
  unseenIsFloor?: boolean;
}
