import { ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { PagedFilterDto } from '../timelines/timeline-request.dto.js';

/** Query of the live streams: the filters of the lists, and what browsers cannot send as headers. */
export class StreamQueryDto extends PickType(PagedFilterDto, ['type', 'tab', 'depth', 'actor', 'from', 'to', 'includeRetracted'] as const) {
  @ApiPropertyOptional({
    description: 'As the header Last-Event-ID, which is taken where both are given; 0 begins with the first entry',
    example: '0',
  })
  @IsOptional()
  @IsString()
  @Length(0, 400)
  lastEventId?: string;

  @ApiPropertyOptional({ description: 'A one-time ticket in place of the header Authorization' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  ticket?: string;
}
