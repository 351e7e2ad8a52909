/** The organization's history as a feed: page by page, or as server-sent events (WHATWG HTML, section 9.2). */
import { Access } from "@portolan/domain"
import { Callers, EventFeed } from "@portolan/ports"
import { Clock, Duration, Effect, Schema, Stream } from "effect"
import { InvalidInput, TooManyStreams } from "../RequestError.ts"
import { route, stream } from "../Route.ts"
import * as Event from "../wire/Event.ts"
import { page } from "../wire/Text.ts"
import { pageQuery } from "./parts.ts"

const tag = "Events"

const position = /^(0|[1-9]\d{0,14})$/u
const Position = Schema.String.check(Schema.isPattern(position)).annotate({
  description: "Position of the last event that is known; 0 or nothing for the beginning."
})

/** How event streams behave. */
export interface StreamOptions {
  /** A comment is sent this often, so that a line which died is noticed. */
  readonly heartbeat: Duration.Input
  /** A stream ends after this long. Clients come back by themselves. */
  readonly lifetime: Duration.Input
  /**
   * The listener's right is judged again before anything is told, when this long has passed since the last time: somebody who was
   * removed, signed out, or whose key was revoked does not listen on.
   */
  readonly rightsAge: Duration.Input
  /** Streams one organization may have open in one process. */
  readonly perOrganization: number
}

/** Fifteen seconds, ten minutes, one second, twenty streams. */
export const standard: StreamOptions = {
  heartbeat: "15 seconds",
  lifetime: "10 minutes",
  rightsAge: "1 second",
  perOrganization: 20
}

const frame = (event: typeof Event.Answer.Type): string => `id: ${event.position}\ndata: ${JSON.stringify(event)}\n\n`

const startOf = (headers: Headers, after: string | undefined) => {
  const last = headers.get("last-event-id") ?? after ?? "0"
  return position.test(last)
    ? Effect.succeed(Number(last))
    : Effect.fail(
        new InvalidInput({ errors: [{ parameter: "Last-Event-ID", detail: "Expected the position of an event" }] })
      )
}

/** Says whether whoever began to listen to an organization may listen still; an answer counts for `age`. */
const stillMay = ({ organizationId }: Access.Caller, headers: Headers, age: Duration.Input) =>
  Effect.gen(function* () {
    const callers = yield* Callers.Callers
    let judged = yield* Clock.currentTimeMillis
    return Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      if (now - judged < Duration.toMillis(age)) return true
      judged = now
      const caller = yield* callers.whoIs(headers)
      yield* Effect.fromResult(Access.checkEverywhere(caller, "read"))
      return caller.organizationId === organizationId
    }).pipe(Effect.catchTag(["NotSignedIn", "NoOrganization", "Refused"], () => Effect.succeed(false)))
  })

/** The routes. */
export const events = ({ heartbeat, lifetime, perOrganization, rightsAge }: StreamOptions) => {
  const open = new Map<string, number>()
  const count = (organizationId: string, step: 1 | -1) => {
    const now = (open.get(organizationId) ?? 0) + step
    if (now === 0) open.delete(organizationId)
    else open.set(organizationId, now)
  }

  return [
    route({
      method: "GET",
      path: "/v1/events",
      operationId: "listEvents",
      tag,
      summary: "Lists events after a position, in order",
      description:
        "`next` is the position of the last event given; it is absent when there are no more at the moment. " +
        "Positions have no gaps, and an event is never skipped, however late it was committed.",
      query: Schema.Struct({
        limit: pageQuery.limit,
        after: Schema.optionalKey(Position),
        cursor: Schema.optionalKey(Position)
      }),
      answer: page(Event.Answer),
      handle: ({ caller, query }) =>
        Effect.gen(function* () {
          const { after } = yield* EventFeed.EventFeed
          const limit = query.limit ?? 25
          const found = yield* after(caller, Number(query.cursor ?? query.after ?? "0"), limit + 1)
          const items = found.slice(0, limit)
          const last = items.at(-1)
          return {
            body: {
              items: items.map(Event.of),
              ...(found.length > limit && last !== undefined ? { next: String(last.position) } : {})
            }
          }
        })
    }),
    stream({
      path: "/v1/events/stream",
      operationId: "followEvents",
      tag,
      summary: "Follows events as they come (server-sent events)",
      description:
        "Each message has the event's position as its id and the event as its data. Goes on after `Last-Event-ID`, or after " +
        "`after`. The stream ends now and then by design; clients reconnect by themselves and miss nothing.",
      query: Schema.Struct({ after: Schema.optionalKey(Position) }),
      answer: Event.Answer,
      problems: ["invalid-input", "too-many-streams"],
      handle: ({ caller, headers, query }) =>
        Effect.gen(function* () {
          // Refused before the first byte, while it can still be a problem with a status.
          yield* Effect.fromResult(Access.checkEverywhere(caller, "read"))
          const { follow } = yield* EventFeed.EventFeed
          const from = yield* startOf(headers, query.after)
          const { organizationId } = caller
          if ((open.get(organizationId) ?? 0) >= perOrganization)
            return yield* new TooManyStreams({ limit: perOrganization })
          const lines = Stream.map(follow(caller, from), (event) => frame(Event.of(event)))
          const may = yield* stillMay(caller, headers, rightsAge)
          const beats = Stream.tick(heartbeat).pipe(
            Stream.drop(1),
            Stream.map(() => ": still here\n\n")
          )
          return Stream.make("retry: 2000\n\n").pipe(
            Stream.concat(Stream.takeWhileEffect(Stream.merge(lines, beats, { haltStrategy: "left" }), () => may)),
            // The client comes back with the last position it saw, so ending is all that has to be done.
            Stream.catch((error) =>
              Stream.drain(Stream.fromEffect(Effect.logWarning("an event stream ended early", error._tag)))
            ),
            Stream.interruptWhen(Effect.sleep(lifetime)),
            (counted) =>
              Stream.unwrap(
                Effect.as(
                  Effect.sync(() => count(organizationId, 1)),
                  counted.pipe(Stream.ensuring(Effect.sync(() => count(organizationId, -1))))
                )
              )
          )
        })
    })
  ]
}
