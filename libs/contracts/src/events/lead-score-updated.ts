import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { nullable, text, texts } from '../payload-fields.js';

export const leadScoreUpdated = defineEvent({
  type: 'lead.score_updated',
  aliases: ['score_updated', 'lead_score_updated'],
  activityName: 'score_updated',
  topic: 'crm.lead',
  when: 'the scoring engine recalculates score and band',
  primary: ['lead'],
  references: [{ type: 'contact' }, { type: 'account' }],
  versions: {
    1: {
      payload: Type.Object({
        previousScore: Type.Optional(nullable('number')),
        newScore: Type.Number(),
        previousBand: Type.Optional(nullable('string')),
        newBand: Type.Optional(text()),
        modelVersion: Type.Optional(text()),
        topFactors: Type.Optional(texts()),
      }),
      summary: 'score changed from {previousScore} to {newScore}[[ ({previousBand} to {newBand})]]',
    },
  },
  tabs: ['signals'],
  icon: 'gauge',
  deepLink: 'lead/{leadId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'system', id: 'scoring-engine' },
      payload: {
        previousScore: 46,
        newScore: 68,
        previousBand: 'warm',
        newBand: 'hot',
        modelVersion: 'v1.0',
        topFactors: ['job_title_match', 'opened_2_emails', 'visited_pricing_page'],
      },
    },
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'system', id: 'scoring-engine' },
      payload: { previousScore: null, newScore: 12.5, previousBand: null, newBand: 'cold', modelVersion: 'v1.0' },
    },
  ],
});
