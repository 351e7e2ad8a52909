/**
 * Up to which day Walmart Connect has figures. Every morning the newest day is not there yet: a report that asks for it
 * fails and names the last day that is
 * (https://developer.walmart.com/advertising-partners-search/docs/sample-responses-for-create-snapshot-requests), and
 * `latestReportDate` says it for each type of report
 * (https://developer.walmart.com/advertising-partners-search/docs/get-latest-report-date-v2).
 */
import { Day, Failure, given } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Values } from "@portolan/wire"
import { DateTime, Effect, Option, Schema } from "effect"
import type { Connect } from "./Connect.ts"
import type * as Settings from "./Settings.ts"

interface Deps {
  readonly settings: Settings.Resolved
  readonly connect: Connect
}

/** Days back from today within which a day may not be there yet; an older one that lacks figures has none. */
const recentDays = 4

const lastDayOf = ({ until }: ProviderApi.WindowRequest): Day.Day => Day.plus(until, -1)

/**
 * The last day that a refusal says there are figures of. It names a day beside words that say "until"; a day beside
 * "from" or "after" is the first one that is kept.
 */
export const namedIn = ({ detail, words }: Failure.RequestRefused): Day.Day | undefined => {
  const said = [detail, words?.message, words?.details].filter((part) => part !== undefined).join(" ")
  if (!/\b(?:till|until|up ?to|through|latest|newest|last available|available for enddate)\b/i.test(said))
    return undefined
  const days = [...said.matchAll(/\b\d{4}-?\d{2}-?\d{2}\b|\b\d{1,2}\/\d{1,2}\/\d{4}\b/g)].flatMap(([text]) =>
    Option.toArray(Values.day(text, { hasMonthFirst: true }))
  )
  return days.toSorted().at(-1)
}

const Entry = Schema.Struct({
  reportType: Schema.optionalKey(Schema.NullOr(Schema.String)),
  latestReportDate: Schema.String
})
/** Version 2 gives a list by type of report, version 1 one day for all. */
const Latest = Schema.Union([Schema.Array(Entry), Entry])

/** The newest day of the report's type; nothing when Walmart does not say. */
const newestOf = ({ connect, settings }: Deps, region: ProviderApi.WindowRequest["profile"]["key"]["region"]) => {
  const of = (version: "v1" | "v2") =>
    connect
      .send({ region, operation: "latestReportDate", path: `/api/${version}/latestReportDate`, schema: Latest })
      .pipe(
        Effect.map((latest) => {
          const entries: ReadonlyArray<typeof Entry.Type> = "length" in latest ? latest : [latest]
          const { reportType } = settings.assumptions
          const own = entries.find((one) => (one.reportType ?? reportType) === reportType)
          return Option.flatMap(Option.fromUndefinedOr(own), (one) => Values.day(one.latestReportDate))
        }),
        // A question beside the matter: whatever is wrong with it says nothing of the report.
        Effect.catch(() => Effect.succeed(Option.none<Day.Day>()))
      )
  return Effect.flatMap(of("v2"), (newest) => (Option.isSome(newest) ? Effect.succeed(newest) : of("v1")))
}

const isRecent = ({ settings }: Deps, request: ProviderApi.WindowRequest) =>
  Effect.map(
    DateTime.now,
    (now) => Day.between(lastDayOf(request), Day.at(now, settings.assumptions.reportTimeZone)) <= recentDays
  )

/** Days appear one a day, so so many are still to come before the one that is waited for. */
const notYet = Effect.fnUntraced(function* (
  request: ProviderApi.WindowRequest,
  newest: Day.Day,
  words?: Failure.ProviderWords
) {
  const now = yield* DateTime.now
  const waited = Math.max(0, Day.between(newest, lastDayOf(request)) - 1)
  return yield* new Failure.Temporary({
    detail: `Walmart has figures until ${newest}; ${lastDayOf(request)} is not there yet`,
    throttled: false,
    notBefore: DateTime.add(now, { days: waited }),
    ...(waited === 0 ? {} : { retryAfterSeconds: waited * 86_400 }),
    ...given({ words })
  })
})

/** A refused report: the day that is not there yet, when that is why, else the refusal. */
export const explain = Effect.fnUntraced(function* (
  deps: Deps,
  request: ProviderApi.WindowRequest,
  refusal: Failure.RequestRefused
) {
  const named = namedIn(refusal)
  if (named !== undefined && named < lastDayOf(request)) return yield* notYet(request, named, refusal.words)
  if (refusal.beyondRetention || !(yield* isRecent(deps, request))) return yield* refusal
  const newest = yield* newestOf(deps, request.profile.key.region)
  return Option.isSome(newest) && newest.value < lastDayOf(request)
    ? yield* notYet(request, newest.value, refusal.words)
    : yield* refusal
})

/**
 * The day that a report was made without, because it was not there yet: the newest day of the window, where no row is
 * of it and Walmart says that its figures end before.
 */
export const lacking = Effect.fnUntraced(function* (
  deps: Deps,
  request: ProviderApi.WindowRequest,
  answer: ProviderApi.WindowAnswer
) {
  const last = lastDayOf(request)
  const hasLast = answer._tag === "Rows" && answer.rows.some(({ day }) => day === last)
  if (hasLast || !(yield* isRecent(deps, request))) return undefined
  const newest = yield* newestOf(deps, request.profile.key.region)
  return Option.isSome(newest) && newest.value < last ? last : undefined
})
