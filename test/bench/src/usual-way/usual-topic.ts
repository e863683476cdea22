/** The topic of the usual way's consumer, which takes one kind of message from one topic. */
export const USUAL_TOPIC = 'bench.usual-way';
