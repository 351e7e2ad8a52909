/** The organization's history as a feed: page by page, or as server-sent events. */
import { given } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { follow, openStreams, positionPattern, type StreamOptions } from "../eventStream.ts"
import { route, stream } from "../Route.ts"
import * as Event from "../wire/Event.ts"
import { page } from "../wire/Text.ts"
import { pageQuery, standardLimit } from "./shared.ts"

const tag = "Events"

const Position = Schema.String.check(Schema.isPattern(positionPattern)).annotate({
  description: "Position of the last event that is known; 0 or nothing for the beginning."
})

/** The routes. */
export const events = (options: StreamOptions) => [
  route({
    method: "GET",
    path: "/v1/events",
    operationId: "listEvents",
    tag,
    summary: "Lists events after a position, in their order",
    description:
      "`next` is the position of the last event given; it is absent when there are no more at the moment. " +
      "Positions have no gaps, and an event is never skipped, however late it was committed.",
    query: Schema.Struct({
      limit: pageQuery.limit,
      after: Schema.optionalKey(Position),
      cursor: Schema.optionalKey(Position)
    }),
    answer: page(Event.Answer),
    call: ({ eventFeed }, { caller, query: { after, cursor, limit = standardLimit } }) =>
      // One more than asked for tells whether there is another page.
      Effect.map(eventFeed.after(caller, Number(cursor ?? after ?? "0"), limit + 1), (found) => ({ found, limit })),
    show: ({ found, limit }) => {
      const items = found.slice(0, limit)
      const next = found.length > limit ? items.at(-1)?.position : undefined
      return { items: items.map(Event.of), ...given({ next: next === undefined ? undefined : String(next) }) }
    }
  }),
  stream({
    path: "/v1/events/stream",
    operationId: "followEvents",
    tag,
    summary: "Follows events as they come (server-sent events)",
    description:
      "Each message has the event's position as its id and the event as its data. It continues after " +
      "`Last-Event-ID`, or " +
      "after `after`. Streams end regularly by design; clients reconnect by themselves and miss nothing.",
    query: Schema.Struct({ after: Schema.optionalKey(Position) }),
    answer: Event.Answer,
    problems: ["invalid-input", "too-many-streams"],
    call: follow(openStreams(), options)
  })
]
