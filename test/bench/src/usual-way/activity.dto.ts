import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  ValidateNested,
} from 'class-validator';

export class EntityDto {
  @IsString()
  @Length(1, 64)
  type: string;

  @IsString()
  @Length(1, 255)
  id: string;

  @IsOptional()
  @IsString()
  role?: string;
}

export class ActivityDataDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(32)
  @ValidateNested({ each: true })
  @Type(() => EntityDto)
  entities: EntityDto[];

  @IsObject()
  payload: Record<string, unknown>;
}

export class ActivityDto {
  @IsString()
  @Length(1, 255)
  id: string;

  @IsString()
  @Length(1, 255)
  source: string;

  @IsString()
  @Length(1, 128)
  type: string;

  @IsISO8601()
  time: string;

  @IsUUID()
  tenantid: string;

  @IsIn(['human', 'agent', 'system'])
  actortype: string;

  @IsString()
  @Length(1, 255)
  actorid: string;

  @ValidateNested()
  @Type(() => ActivityDataDto)
  data: ActivityDataDto;
}
