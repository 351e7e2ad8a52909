/** What a person reads about anything that they wait for: its status, why, who must act, and the next step. */
import type { MustAct } from "../kernel/MustAct.ts"
import { type Message, say } from "../messages/Messages.ts"

/** The sentences about a status or outcome, for the person who waits for it. */
export interface Sentences {
  /** Two or three words for a badge. */
  readonly label: Message
  /** Why. */
  readonly reason: Message
  /** What to do, and where. */
  readonly nextStep: Message
}

/** The sentences, and who must act. */
export interface Statement extends Sentences {
  readonly mustAct: MustAct
}

/** Nobody has to do anything. */
export const nothingToDo = { mustAct: "nobody", nextStep: say("step.nothing") } as const
