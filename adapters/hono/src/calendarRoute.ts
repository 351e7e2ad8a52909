/** Routes that answer with a calendar. */
import { Effect, Schema } from "effect"
import type { PrincipalKind, Principals } from "./Guard.ts"
import type { ApiError } from "./problems.ts"
import { decode, described, type Nothing, type Route, type RouteDoc, type RouteInput } from "./Route.ts"
import type { RouteRequest } from "./RouteRequest.ts"
import type { Services } from "./services.ts"

type None = typeof Nothing.Type

/** What a route that answers with a calendar is made of. */
type CalendarSpec<P, K extends PrincipalKind> = RouteDoc &
  Pick<RouteInput<P, None, None>, "params"> & {
    readonly principal: K
    readonly call: (services: Services, request: RouteRequest<P, None, None, K>) => Effect.Effect<string, ApiError>
  }

/** A route that answers with a calendar (RFC 5545). */
export const calendarRoute = <const K extends PrincipalKind, P = None>(spec: CalendarSpec<P, K>): Route => ({
  ...described(spec),
  method: "GET",
  status: 200,
  creates: false,
  principal: spec.principal,
  answer: Schema.String,
  streams: false,
  mediaType: "text/calendar",
  direct: undefined,
  run: (services, raw) =>
    decode<P, None, None>(spec, raw).pipe(
      Effect.flatMap((request) => spec.call(services, { ...request, caller: raw.caller as Principals[K] })),
      Effect.map((text) => ({ _tag: "Text", text }) as const)
    )
})
