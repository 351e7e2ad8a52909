/** What the commands of a diagnosis lead to. */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { deciderWith, happened, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import { impossible, refuse } from "../../messages/Refusal.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import { hasChecklist, providerLabel } from "../../providers/Channel.ts"
import { Facts } from "../Check.ts"
import type { Command, Event, State } from "./state.ts"

const subject = "Diagnosis"

/**
 * Facts that stay the same are recorded as confirmed no more often than this, so that polling does not fill the
 * history.
 */
export const confirmInterval = { minutes: 5 } as const

const sameFacts = Schema.toEquivalence(Facts)

/**
 * Decides what a diagnosis's command leads to. An observation or answer that is older than what is known changes
 * nothing.
 */
export const decide = deciderWith<State, Command, Event, Catalogue>(
  standard,
  {
    Absent: {
      Open: (_, { diagnosis }, catalogue) =>
        hasChecklist(diagnosis.channel, catalogue)
          ? happened<Event>({ _tag: "DiagnosisOpened", ...diagnosis })
          : refuse(subject, "Open", "contradiction", {
              detail: say("diagnosis.other-provider", { provider: providerLabel(diagnosis.channel, catalogue) }),
              nextStep: say("diagnosis.see-requirements")
            })
    },
    Open: {
      Open: () =>
        refuse(subject, "Open", "already-exists", {
          detail: say("diagnosis.exists"),
          nextStep: say("diagnosis.look-instead")
        }),
      Observe: (state, { at, facts }) => {
        const { checkedAt, connectionId } = state
        if (checkedAt !== undefined && DateTime.isLessThanOrEqualTo(at, checkedAt)) return nothing
        if (checkedAt === undefined || !sameFacts(facts, state.facts)) {
          return happened<Event>({ _tag: "FactsObserved", connectionId, facts, at })
        }
        return DateTime.isGreaterThanOrEqualTo(at, DateTime.add(checkedAt, confirmInterval))
          ? happened<Event>({ _tag: "FactsConfirmed", at })
          : nothing
      },
      Answer: (state, { at, by, check, holds }) => {
        const known = state.answers[check]
        if (known !== undefined && (known.holds === holds || DateTime.isLessThan(at, known.at))) return nothing
        return happened<Event>({
          _tag: "CheckAnswered",
          connectionId: state.connectionId,
          check,
          answer: { holds, by, at }
        })
      }
    }
  },
  impossible(subject, { Absent: say("diagnosis.begin"), Open: say("diagnosis.answer") })
)
