/**
 * Finds the profiles that a consent reaches
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/profiles).
 */
import { Failure, type Profile } from "@portolan/domain"
import { LeftOut, type ProviderApi } from "@portolan/ports"
import { Quarantine } from "@portolan/wire"
import { Effect, Schema } from "effect"
import type { Send } from "./Ads.ts"
import * as Profiles from "./adsProfiles.ts"
import { unanswered } from "./unanswered.ts"

const List = Schema.Array(Schema.Unknown)

/**
 * The most profiles that Amazon lists
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/profiles). There are no pages.
 */
const longestList = 5000

type Query = Readonly<Record<string, string>>

/** Filters that part a list into lists that are shorter, and together the whole; the next is used where one is not. */
const partings: ReadonlyArray<ReadonlyArray<Query>> = [
  ["seller", "vendor", "agency"].map((profileTypeFilter) => ({ profileTypeFilter })),
  ["true", "false"].map((validPaymentMethodFilter) => ({ validPaymentMethodFilter }))
]

interface Whole {
  readonly items: ReadonlyArray<unknown>
  /** Lists that no filter made short enough. */
  readonly cut: number
}

/** One list, whole: one as long as Amazon's longest may be cut, so it is asked for in parts. */
const list = (send: Send, access: ProviderApi.Access, query: Query, parting = 0): Effect.Effect<Whole, SendError> => {
  const search = new URLSearchParams(query).toString()
  return send(access, {
    operation: "listProfiles",
    path: `/v2/profiles${search === "" ? "" : `?${search}`}`,
    schema: List
  }).pipe(
    Effect.flatMap((items): Effect.Effect<Whole, SendError> => {
      if (items.length < longestList) return Effect.succeed({ items, cut: 0 })
      const filters = partings[parting]
      if (filters === undefined) return Effect.succeed({ items, cut: 1 })
      return Effect.map(
        Effect.forEach(filters, (filter) => list(send, access, { ...query, ...filter }, parting + 1)),
        (parts) => ({
          items: [...items, ...parts.flatMap((part) => part.items)],
          cut: parts.reduce((sum, part) => sum + part.cut, 0)
        })
      )
    })
  )
}

type SendError = Effect.Error<ReturnType<Send>>

const notAll: Quarantine.Quarantined = {
  reason: `Amazon lists at most ${longestList} profiles, and this login has more of one kind; the rest is not seen.`,
  raw: ""
}

/**
 * Lists the profiles of a region twice: those the login may edit, which is the API's default, and those it may view.
 * One that is only in the second list is "view"
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/permissions).
 */
export const discover = (send: Send) =>
  Effect.fn("AmazonApi.discover.ads")(function* (access: ProviderApi.Access) {
    const whole = (query: Query) =>
      list(send, access, query).pipe(Effect.catchTag("RequestRefused", unanswered("listProfiles")))
    const editable = yield* whole({})
    const visible = yield* whole({ accessLevel: "view" })
    const found = new Map<string, Profile.Candidate>()
    const odd = new Map<string, Quarantine.Quarantined>()
    let unreadable = 0
    for (const [{ items }, permission] of [
      [visible, "view"],
      [editable, "edit"]
    ] as const) {
      const read = Profiles.read(items, access.region, permission)
      for (const one of read.found) found.set(one.key.externalId, one)
      for (const one of read.odd) odd.set(one.key ?? one.raw, one)
      unreadable += read.unreadable
    }
    const leftOut = [...odd.values(), ...(editable.cut + visible.cut > 0 ? [notAll] : [])]
    // A list of which nothing can be read is no empty list.
    if (found.size === 0 && unreadable > 0)
      return yield* new Failure.Temporary({ detail: leftOut[0]?.reason ?? "", throttled: false })
    yield* LeftOut.report({ channel: access.channel, call: "discover", items: leftOut })
    return [...found.values()]
  })
