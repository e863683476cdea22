import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import { ANY_RECORD } from '#libs/contracts';

const NO_CONTROLS = /^\P{Cc}+$/u;

/** `:entityType/:entityId` of annals' own paths. */
export class RecordPathDto {
  @ApiProperty({ enum: ANY_RECORD })
  @IsString()
  @Length(1, 64)
  entityType: string;

  @ApiProperty({ description: 'Percent-encoded where needed', example: 'contact-abc' })
  @IsString()
  @Length(1, 255)
  @Matches(NO_CONTROLS, { message: 'entityId must not hold control characters' })
  entityId: string;
}

/** `:datatype?/:ownerId?` of seed 002's `by-customer`. */
export class ActivityPathDto {
  @ApiPropertyOptional({ enum: ANY_RECORD })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  datatype?: string;

  @ApiPropertyOptional({ description: 'Percent-encoded where needed', example: 'contact-abc' })
  @IsOptional()
  @IsString()
  @Length(1, 255)
  @Matches(NO_CONTROLS, { message: 'ownerId must not hold control characters' })
  ownerId?: string;
}

/** `:datatype/:ownerId` of seed 002's `by-resource`. */
export class ActivityRecordPathDto {
  @ApiProperty({ enum: ANY_RECORD })
  @IsString()
  @Length(1, 64)
  datatype: string;

  @ApiProperty({ description: 'Percent-encoded where needed', example: 'order-1001' })
  @IsString()
  @Length(1, 255)
  @Matches(NO_CONTROLS, { message: 'ownerId must not hold control characters' })
  ownerId: string;
}

export class EventPathDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID('all')
  id: string;
}
