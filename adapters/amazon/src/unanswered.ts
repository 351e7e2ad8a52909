import { Failure, given } from "@portolan/domain"
import { Effect } from "effect"

/**
 * A question for a whole list that was refused is a question without an answer: it is asked again, and nobody is blamed
 * for it. `doing` names the question, for an operator. Keeps the provider's own words.
 */
export const unanswered =
  (doing: string) =>
  ({ detail, words }: Failure.RequestRefused): Effect.Effect<never, Failure.Temporary> =>
    Effect.fail(new Failure.Temporary(given({ detail: `${doing}: ${detail}`, throttled: false, words })))
