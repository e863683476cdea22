import { type DynamicModule, Module } from '@nestjs/common';
import { AppendController } from './append/append.controller.js';
import { INGEST_PARTS, type IngestParts } from './ingest-parts.js';

@Module({})
export class IngestModule {
  static of(parts: IngestParts): DynamicModule {
    return { module: IngestModule, controllers: [AppendController], providers: [{ provide: INGEST_PARTS, useValue: parts }] };
  }
}
