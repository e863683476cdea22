import { emailSent } from './email-sent.js';
import { emailOpened } from './email-opened.js';
import { emailClicked } from './email-clicked.js';
import { emailBounced } from './email-bounced.js';
import { emailReceived } from './email-received.js';
import { callCompleted } from './call-completed.js';
import { meetingLogged } from './meeting-logged.js';
import { noteAdded } from './note-added.js';
import { contactAdded } from './contact-added.js';
import { contactTagged } from './contact-tagged.js';
import { contactUntagged } from './contact-untagged.js';
import { contactMerged } from './contact-merged.js';
import { contactUnmerged } from './contact-unmerged.js';
import { accountAdded } from './account-added.js';
import { accountParentChanged } from './account-parent-changed.js';
import { dealCreated } from './deal-created.js';
import { dealStageChanged } from './deal-stage-changed.js';
import { dealWon } from './deal-won.js';
import { dealLost } from './deal-lost.js';
import { leadAdded } from './lead-added.js';
import { leadStatusChanged } from './lead-status-changed.js';
import { leadStageChanged } from './lead-stage-changed.js';
import { leadScoreUpdated } from './lead-score-updated.js';
import { enrichmentCompleted } from './enrichment-completed.js';
import { signalDetected } from './signal-detected.js';
import { playbookExecuted } from './playbook-executed.js';
import { nurtureEnrolled } from './nurture-enrolled.js';
import { nurtureStepScheduled } from './nurture-step-scheduled.js';
import { nurtureStepExecuted } from './nurture-step-executed.js';
import { nurturePaused } from './nurture-paused.js';
import { nurtureResumed } from './nurture-resumed.js';
import { nurtureExited } from './nurture-exited.js';
import { pageVisited } from './page-visited.js';
import { formSubmitted } from './form-submitted.js';
import { ticketCreated } from './ticket-created.js';
import { ticketReplied } from './ticket-replied.js';
import { reservationBooked } from './reservation-booked.js';
import { reservationCancelled } from './reservation-cancelled.js';
import { orderPlaced } from './order-placed.js';
import { commentAdded } from './comment-added.js';
import { commentDeleted } from './comment-deleted.js';
import { activityRetracted } from './activity-retracted.js';
import { subjectErased } from './subject-erased.js';

/** Every built-in event type, in the order of the catalogue. A new type is one file beside this one and one line here. */
export const EVENT_DEFINITIONS = [
  emailSent,
  emailOpened,
  emailClicked,
  emailBounced,
  emailReceived,
  callCompleted,
  meetingLogged,
  noteAdded,
  contactAdded,
  contactTagged,
  contactUntagged,
  contactMerged,
  contactUnmerged,
  accountAdded,
  accountParentChanged,
  dealCreated,
  dealStageChanged,
  dealWon,
  dealLost,
  leadAdded,
  leadStatusChanged,
  leadStageChanged,
  leadScoreUpdated,
  enrichmentCompleted,
  signalDetected,
  playbookExecuted,
  nurtureEnrolled,
  nurtureStepScheduled,
  nurtureStepExecuted,
  nurturePaused,
  nurtureResumed,
  nurtureExited,
  pageVisited,
  formSubmitted,
  ticketCreated,
  ticketReplied,
  reservationBooked,
  reservationCancelled,
  orderPlaced,
  commentAdded,
  commentDeleted,
  activityRetracted,
  subjectErased,
] as const;
