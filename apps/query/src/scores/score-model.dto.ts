import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsNumber, IsObject, IsString, Length, Matches, ValidateNested } from 'class-validator';
import { DEFAULT_MODEL } from '#libs/scores';
import { verbatim } from '../http/read-parameters.js';

export class BandDto {
  @ApiProperty({ example: 'warm' })
  @IsString()
  @Length(1, 64)
  @Matches(/^[^\p{Cc}\p{Cs}]+$/u, { message: 'name must not hold control characters or lone surrogates' })
  name: string;

  @ApiProperty({ description: 'Lowest score of the band; the first band begins at 0', minimum: 0, maximum: 100, example: 30 })
  @IsNumber()
  from: number;
}

/** How leads are scored. */
export class ScoreModelDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'number', minimum: -1000, maximum: 1000 },
    description: 'Type, by any name, to the points that an event of it brings; types that are not named do not score',
    example: { 'email.clicked': 8, 'form.submitted': 15, 'email.bounced': -10 },
  })
  @Transform(verbatim)
  @IsObject()
  weights: Record<string, number>;

  @ApiProperty({ description: 'Days after which an event is worth half of its points', minimum: 1 / 24, maximum: 3650, example: 30 })
  @IsNumber()
  halfLifeDays: number;

  @ApiProperty({ type: [BandDto], description: 'In rising order, 1 to 20', example: DEFAULT_MODEL.bands })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => BandDto)
  bands: BandDto[];

  @ApiPropertyOptional({
    description: 'A score that moved by less, within its band, is not told',
    minimum: 1,
    maximum: 100,
    default: DEFAULT_MODEL.smallestChange,
  })
  @IsNumber()
  smallestChange: number = DEFAULT_MODEL.smallestChange;
}

export class ScoreModelAnswer extends ScoreModelDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Counts up with each change; 0: the default, nobody has saved one', example: 1 })
  version: number;

  @ApiProperty({ description: 'The version as `lead.score_updated` names it', example: 'v1' })
  modelVersion: string;

  @ApiProperty({ type: String, nullable: true, description: 'Who saved it', example: 'jane@example.com' })
  savedBy: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  savedAt: string | null;
}
