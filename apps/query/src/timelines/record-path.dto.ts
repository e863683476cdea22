import { ApiProperty } from '@nestjs/swagger';
import { IsString, IsUUID, Length, Matches } from 'class-validator';
import { ANY_RECORD } from '#libs/contracts';
import { NO_CONTROLS } from '../http/read-parameters.js';

/** `:entityType/:entityId` of annals' own paths. */
export class RecordPathDto {
  @ApiProperty({ enum: ANY_RECORD, description: 'Type of the record', example: 'contact' })
  @IsString()
  @Length(1, 64)
  entityType: string;

  @ApiProperty({ description: 'Percent-encoded where needed', example: 'contact-abc' })
  @IsString()
  @Length(1, 255)
  @Matches(NO_CONTROLS, { message: 'entityId must not hold control characters' })
  entityId: string;
}

/** `:datatype` of seed 002's `by-customer` without an owner. */
export class ActivityTypePathDto {
  @ApiProperty({ enum: ANY_RECORD, description: 'Type of the record', example: 'contact' })
  @IsString()
  @Length(1, 64)
  datatype: string;
}

/** `:datatype/:ownerId` of seed 002's paths. */
export class ActivityRecordPathDto extends ActivityTypePathDto {
  @ApiProperty({ description: 'Percent-encoded where needed', example: 'contact-abc' })
  @IsString()
  @Length(1, 255)
  @Matches(NO_CONTROLS, { message: 'ownerId must not hold control characters' })
  ownerId: string;
}

export class EventPathDto {
  @ApiProperty({ format: 'uuid', description: 'The `id` of an item', example: '0192f0c4-7c1e-8b7a-9d1c-6f1b2a3c4d5e' })
  @IsUUID('all')
  id: string;
}
