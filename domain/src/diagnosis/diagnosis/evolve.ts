/** What the events of a diagnosis make of its state. */
import * as DateTime from "effect/DateTime"
import type { Event, State } from "./state.ts"

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "DiagnosisOpened") {
    return state._tag === "Absent"
      ? { ...event, _tag: "Open", facts: {}, answers: {}, changedAt: event.openedAt }
      : state
  }
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "FactsObserved":
      return { ...state, facts: event.facts, checkedAt: event.at, changedAt: event.at }
    case "FactsConfirmed":
      return { ...state, checkedAt: event.at }
    case "CheckAnswered":
      return {
        ...state,
        answers: { ...state.answers, [event.check]: event.answer },
        changedAt: DateTime.max(state.changedAt, event.answer.at)
      }
  }
}
