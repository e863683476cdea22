import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsObject, IsOptional, IsString, IsUUID, Length, Matches, MaxLength, ValidateNested } from 'class-validator';

const LEADS = ['lead', 'contact'] as const;
/** Nothing that a database or a log would stumble over. */
const PLAIN = /^[^\p{Cc}\p{Cs}]*$/u;
const plain = (field: string) => ({ message: `${field} must be text without control characters` });

class LeadDto {
  @ApiProperty({ enum: LEADS, example: 'lead' })
  @IsIn(LEADS)
  type: (typeof LEADS)[number];

  @ApiProperty({ example: 'lead-xyz', maxLength: 255 })
  @IsString()
  @Length(1, 255)
  @Matches(PLAIN, plain('id'))
  id: string;
}

export class EnrollDto {
  @ApiProperty({ type: LeadDto, description: 'Who is enrolled' })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => LeadDto)
  lead: LeadDto;

  @ApiPropertyOptional({
    example: 'contact-abc',
    maxLength: 255,
    description: 'Id of the contact behind a lead: a reply of hers counts too',
  })
  @IsOptional()
  @IsString()
  @Length(1, 255)
  @Matches(PLAIN, plain('contact'))
  contact?: string;

  @ApiPropertyOptional({ example: 'acc-1', maxLength: 255, description: 'Id of the account: a deal that it wins counts too' })
  @IsOptional()
  @IsString()
  @Length(1, 255)
  @Matches(PLAIN, plain('account'))
  account?: string;

  @ApiPropertyOptional({ example: 'sam@example.com', description: 'Left out: the address that the log tells' })
  @IsOptional()
  @IsString()
  @MaxLength(254)
  address?: string;

  @ApiPropertyOptional({ example: 'Sam Doe', maxLength: 200, description: 'Left out: the name that the log tells' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(PLAIN, plain('name'))
  name?: string;
}

export class ChangeDto {
  @ApiPropertyOptional({ example: 'on holiday until Monday', maxLength: 500, description: 'Shown on the timeline when pausing' })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  @Matches(PLAIN, plain('reason'))
  reason?: string;
}

export class EnrollmentPathDto {
  @ApiProperty({ format: 'uuid', description: 'The `id` of an enrolment' })
  @IsUUID('all')
  id: string;
}
