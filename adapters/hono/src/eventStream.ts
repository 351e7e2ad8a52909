/**
 * The organization's history as server-sent events.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
import { Access, Messages } from "@portolan/domain"
import { Clock, Duration, Effect, Stream } from "effect"
import { InvalidInput, TooManyStreams } from "./RequestError.ts"
import type { RouteRequest } from "./RouteRequest.ts"
import type { Services } from "./services.ts"
import * as Event from "./wire/Event.ts"

/** The position of an event, as clients send it. */
export const positionPattern = /^(?:0|[1-9]\d{0,14})$/u

/** How event streams behave. */
export interface StreamOptions {
  /** A comment is sent this often, so that a dead connection is noticed. */
  readonly heartbeat: Duration.Input
  /** A stream ends after this long. Clients reconnect by themselves. */
  readonly lifetime: Duration.Input
  /**
   * The listener's rights are checked again before anything is sent, once this long has passed since the last check. A
   * listener who was removed or signed out, or whose key was revoked, gets nothing more.
   */
  readonly rightsAge: Duration.Input
  /** The most streams that one organization may have open in one process. */
  readonly perOrganization: number
}

/** Fifteen seconds, ten minutes, one second, twenty streams. */
export const standard: StreamOptions = {
  heartbeat: "15 seconds",
  lifetime: "10 minutes",
  rightsAge: "1 second",
  perOrganization: 20
}

/** Open streams of one process, counted by organization. */
export interface OpenStreams {
  readonly of: (organizationId: string) => number
  readonly add: (organizationId: string, step: 1 | -1) => void
}

/** Counts from zero. */
export const openStreams = (): OpenStreams => {
  const open = new Map<string, number>()
  const of = (organizationId: string) => open.get(organizationId) ?? 0
  return {
    of,
    add: (organizationId, step) => {
      const count = of(organizationId) + step
      if (count === 0) open.delete(organizationId)
      else open.set(organizationId, count)
    }
  }
}

const message = (event: typeof Event.Answer.Type): string => `id: ${event.position}\ndata: ${JSON.stringify(event)}\n\n`

const startOf = (headers: Headers, after: string | undefined) => {
  const last = headers.get("last-event-id") ?? after ?? "0"
  return positionPattern.test(last)
    ? Effect.succeed(Number(last))
    : Effect.fail(
        new InvalidInput({ errors: [{ parameter: "Last-Event-ID", detail: Messages.text("api.event-position") }] })
      )
}

/** Builds the check whether a listener may still listen to the organization. An answer counts for `age`. */
const makeRightsCheck = (
  { callers }: Services,
  { organizationId }: Access.Caller,
  headers: Headers,
  age: Duration.Input
) =>
  Effect.gen(function* () {
    let checked = yield* Clock.currentTimeMillis
    return Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      if (now - checked < Duration.toMillis(age)) return true
      checked = now
      const caller = yield* callers.whoIs(headers)
      yield* Effect.fromResult(Access.checkEverywhere(caller, "read"))
      return caller.organizationId === organizationId
    }).pipe(
      Effect.catchTag(["NotSignedIn", "NoOrganization", "OrganizationClosing", "Refused"], () => Effect.succeed(false))
    )
  })

const counted = <A, E, R>(open: OpenStreams, organizationId: string, lines: Stream.Stream<A, E, R>) =>
  Stream.unwrap(
    Effect.as(
      Effect.sync(() => open.add(organizationId, 1)),
      Stream.ensuring(
        lines,
        Effect.sync(() => open.add(organizationId, -1))
      )
    )
  )

/** Follows the history from the position that the client names; the lines are ready to be sent. */
export const follow = (open: OpenStreams, options: StreamOptions) =>
  Effect.fnUntraced(function* (
    services: Services,
    { caller, headers, query }: RouteRequest<unknown, { readonly after?: string }, unknown>
  ) {
    // Refused before the first byte, while it can still be a problem with a status.
    yield* Effect.fromResult(Access.checkEverywhere(caller, "read"))
    const from = yield* startOf(headers, query.after)
    const { organizationId } = caller
    if (open.of(organizationId) >= options.perOrganization)
      return yield* new TooManyStreams({ limit: options.perOrganization })
    const mayListen = yield* makeRightsCheck(services, caller, headers, options.rightsAge)
    // Only what tells something needs the right to hear it: a quiet stream asks nobody.
    const messages = services.eventFeed.follow(caller, from).pipe(
      Stream.takeWhileEffect(() => mayListen),
      Stream.map((event) => message(Event.of(event)))
    )
    const beats = Stream.tick(options.heartbeat).pipe(
      Stream.drop(1),
      Stream.map(() => ": still here\n\n")
    )
    const lines = Stream.merge(messages, beats, { haltStrategy: "left" })
    return Stream.make("retry: 2000\n\n").pipe(
      Stream.concat(lines),
      // The client comes back with the last position it saw, so ending is all that has to be done.
      Stream.catch((error) =>
        Stream.drain(Stream.fromEffect(Effect.logWarning("an event stream ended early", error._tag)))
      ),
      Stream.interruptWhen(Effect.sleep(options.lifetime)),
      (stream) => counted(open, organizationId, stream)
    )
  })
