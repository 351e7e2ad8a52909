/**
 * Refusals in words: `refuse` in the cell of a machine, `make` outside, `impossible` for the pairs of state and
 * command that a machine's table leaves out. `detail` and `nextStep` are in the default language; `explanation` is the
 * same for any other.
 */
import type { DateTime } from "effect"
import * as Result from "effect/Result"
import { given } from "../kernel/given.ts"
import type { Tagged } from "../kernel/Machine.ts"
import type { Explanation, Message } from "../kernel/Message.ts"
import { type Reason, Refused } from "../kernel/Refused.ts"
import { type Catalogue, render, say } from "./Messages.ts"

/**
 * Why something is refused and what to do instead; for a limit that time lifts, the instant from which it is possible.
 */
export interface Why {
  readonly detail: Message
  readonly nextStep: Message
  readonly retryAt?: DateTime.Utc
}

/** A refusal with its reason. */
export const make = (subject: string, command: string, reason: Reason, why: Why): Refused => {
  const { detail, nextStep, retryAt } = why
  const explanation = { detail, nextStep }
  return new Refused({ subject, command, reason, explanation, ...given({ retryAt }), ...inWords(explanation) })
}

/** The same as the decision of a machine. */
export const refuse = (subject: string, command: string, reason: Reason, why: Why): Result.Result<never, Refused> =>
  Result.fail(make(subject, command, reason, why))

/** A refusal's two sentences in another language. */
export const inWords = (
  { detail, nextStep }: Explanation,
  language?: Catalogue
): { readonly detail: string; readonly nextStep: string } => ({
  detail: render(detail, language),
  nextStep: render(nextStep, language)
})

/**
 * What a machine answers to a command that is not in the cells of its state. `nextStep` says, for each state, what a
 * person can do instead.
 */
export const impossible =
  <State extends Tagged>(subject: string, nextStep: { readonly [S in State["_tag"]]: Message }) =>
  (state: State, command: Tagged): Refused => {
    const thing = subject.toLowerCase()
    const absent = state._tag === "Absent"
    return make(subject, command._tag, absent ? "does-not-exist" : "not-possible-now", {
      detail: absent
        ? say("machine.does-not-exist", { subject: thing })
        : say("machine.not-possible", { command: command._tag, subject: thing, state: state._tag }),
      nextStep: nextStep[state._tag as State["_tag"]]
    })
  }
