/** What operators hear of the secrets of an application: each notice has a key, and is sent once. */
import * as DateTime from "effect/DateTime"
import { given } from "../../kernel/given.ts"
import type { State, Version } from "./state.ts"

/** Days before the end of a secret at which operators get a notice, each once; 0 is the end itself. */
export const moments = [90, 30, 14, 7, 3, 1, 0] as const

const dayMillis = 86_400_000

/** Days until an instant; below zero when it is over. */
export const daysUntil = (end: DateTime.Utc, at: DateTime.Utc): number =>
  (DateTime.toEpochMillis(end) - DateTime.toEpochMillis(at)) / dayMillis

/** A notice to operators. */
export type Notice =
  | { readonly about: "ends"; readonly version: Version; readonly endsAt: DateTime.Utc; readonly days: number }
  | { readonly about: "refused"; readonly version: Version }
  | { readonly about: "promoted"; readonly version: Version; readonly previousEndsAt?: DateTime.Utc }
  | { readonly about: "fell-back"; readonly version: Version; readonly number: number; readonly detail: string }

/** A notice under the key by which it is sent once. */
export type Keyed = Notice & { readonly key: string }

const endsNotice = (version: Version, at: DateTime.Utc): ReadonlyArray<Keyed> => {
  const { endsAt } = version
  if (endsAt === undefined) return []
  const days = daysUntil(endsAt, at)
  // Only the latest moment: who was away does not hear of the earlier ones as well.
  const moment = moments.findLast((one) => days <= one)
  if (moment === undefined) return []
  return [
    { about: "ends", version, endsAt, days, key: `ends/${version.number}/${DateTime.toEpochMillis(endsAt)}/${moment}` }
  ]
}

/** The notices that operators should have by now, sent or not. */
const noticesOf = ({ current, fellBack, pending, previous }: State, at: DateTime.Utc): ReadonlyArray<Keyed> => [
  ...endsNotice(current, at),
  ...(pending?.promotesItself === true && pending.tested?.outcome === "refused"
    ? [{ about: "refused", version: pending, key: `refused/${pending.number}` } as const]
    : []),
  ...(current.source === "provider" && fellBack === undefined
    ? [
        given({
          about: "promoted" as const,
          version: current,
          previousEndsAt: previous?.endsAt,
          key: `promoted/${current.number}`
        })
      ]
    : []),
  ...(fellBack === undefined
    ? []
    : [
        {
          about: "fell-back",
          version: current,
          number: fellBack.number,
          detail: fellBack.detail,
          key: `fell-back/${fellBack.number}/${DateTime.toEpochMillis(fellBack.at)}`
        } as const
      ])
]

/** The notices that are to be sent: operators do not have them, and nobody is sending them. */
export const dueNotices = (state: State, at: DateTime.Utc): ReadonlyArray<Keyed> => {
  const isTaken = (key: string) =>
    state.sent.some(
      (one) => one.key === key && (one.claimedUntil === undefined || DateTime.isGreaterThan(one.claimedUntil, at))
    )
  return noticesOf(state, at).filter(({ key }) => !isTaken(key))
}

/** Notices that are remembered; a secret has a dozen at most. */
const sentLimit = 60

/** Takes a notice for sending until an instant, or puts it on record as sent when there is none. */
export const mark = (state: State, key: string, claimedUntil?: DateTime.Utc): State => ({
  ...state,
  sent: [...state.sent.filter((one) => one.key !== key), given({ key, claimedUntil })].slice(-sentLimit)
})
