import type { Trigger } from './sequence.js';

export type PlaybookAction =
  /** On what the event is primarily about. */
  | { readonly note: { readonly text: string } }
  /** On the customer of the event. */
  | { readonly tag: { readonly tag: string } }
  | { readonly enroll: { readonly sequence: string } };

/** A play that has been checked: when something happens, do these in turn. A version of it never changes. */
export interface Playbook extends Trigger {
  readonly id: string;
  readonly name: string;
  readonly actions: readonly PlaybookAction[];
}
