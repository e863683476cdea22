import { Log1764000000001 } from './1764000000001-log.js';
import { Functions1764000000002 } from './1764000000002-functions.js';
import { Access1764000000003 } from './1764000000003-access.js';
import { Reads1764000000004 } from './1764000000004-reads.js';
import { LeadActivities1764000000005 } from './1764000000005-lead-activities.js';
import { AutomationAccess1764000000007 } from './1764000000007-automation-access.js';
import { Comments1764000000008 } from './1764000000008-comments.js';
import { Streams1764000000009 } from './1764000000009-streams.js';
import { Rules1764000000010 } from './1764000000010-rules.js';
import { Numbers1764000000011 } from './1764000000011-numbers.js';
import { Hierarchy1764000000012 } from './1764000000012-hierarchy.js';
import { Types1764000000013 } from './1764000000013-types.js';
import { Mail1764000000014 } from './1764000000014-mail.js';
import { Enrichment1764000000015 } from './1764000000015-enrichment.js';
import { Sequences1764000000016 } from './1764000000016-sequences.js';
import { Retention1764000000018 } from './1764000000018-retention.js';
import { ScoreSources1764000000019 } from './1764000000019-score-sources.js';
import { SequencesRetracted1764000000020 } from './1764000000020-sequences-retracted.js';
import { FewEntries1764000000021 } from './1764000000021-few-entries.js';
import { Feeds1764000000022 } from './1764000000022-feeds.js';
import { EventLine1764000000023 } from './1764000000023-event-line.js';

/** Every migration, oldest first. They roll forward only. */
export const MIGRATIONS = [
  Log1764000000001,
  Functions1764000000002,
  Access1764000000003,
  Reads1764000000004,
  LeadActivities1764000000005,
  AutomationAccess1764000000007,
  Comments1764000000008,
  Streams1764000000009,
  Rules1764000000010,
  Numbers1764000000011,
  Hierarchy1764000000012,
  Types1764000000013,
  Mail1764000000014,
  Enrichment1764000000015,
  Sequences1764000000016,
  Retention1764000000018,
  ScoreSources1764000000019,
  SequencesRetracted1764000000020,
  FewEntries1764000000021,
  Feeds1764000000022,
  EventLine1764000000023,
];
