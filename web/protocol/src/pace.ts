// How patient a link is.
export const beat_ms = 15_000 // a ping this often
export const doubt_ms = 5_000 // after something was asked for, look this soon whether the line stands
export const pulse_ms = 10_000 // no sign of life for this long after a ping: dead
export const answer_ms = 30_000 // a command unanswered for this long: the connection is not to be trusted
export const greet_ms = 15_000 // from opening to welcome
export const grace_ms = 1_500 // shorter losses are not shown
export const late_ms = 20_000 // after this a loss is shown as offline
export const steady_ms = 5_000 // up for this long: the next loss starts with a short wait again
