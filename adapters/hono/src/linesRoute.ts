/** Routes that answer with a list of any length, an item a line. */
import { Effect, Schema, Stream } from "effect"
import { Audit } from "@portolan/ports"
import type { Principals } from "./Guard.ts"
import type { ApiError } from "./problems.ts"
import { decode, described, type Nothing, type Route, type RouteDoc, type RouteInput } from "./Route.ts"
import type { RouteRequest } from "./RouteRequest.ts"
import type { Services } from "./services.ts"

/** What a route that answers with lines is made of. */
type LinesSpec<A, Q> = RouteDoc &
  Pick<RouteInput<typeof Nothing.Type, Q, typeof Nothing.Type>, "query"> & {
    /** What each line is. */
    readonly answer: Schema.ConstraintCodec<A, unknown>
    /**
     * Gives pages of items. What fails before the first page is a problem with a status; a page that fails later cuts
     * the connection, so that nobody takes what came for the whole.
     */
    readonly call: (
      services: Services,
      request: RouteRequest<typeof Nothing.Type, Q, typeof Nothing.Type>
    ) => Effect.Effect<Stream.Stream<ReadonlyArray<A>, ApiError>, ApiError>
  }

/**
 * A route for members and API keys that answers with JSON lines. Each item passes through the schema, which drops every
 * field that is not in it. A page is read when the client takes it, so that no history is too long.
 * @see https://github.com/ndjson/ndjson-spec
 */
export const linesRoute = <A, Q>(spec: LinesSpec<A, Q>): Route => {
  const encode = Schema.encodeUnknownEffect(Schema.Array(spec.answer))
  const text = (items: ReadonlyArray<A>) =>
    Effect.map(Effect.orDie(encode(items)), (encoded) => encoded.map((item) => `${Audit.jsonLine(item)}\n`).join(""))
  return {
    ...described(spec),
    method: "GET",
    status: 200,
    creates: false,
    principal: "member",
    answer: spec.answer,
    streams: false,
    mediaType: "application/x-ndjson",
    direct: undefined,
    run: Effect.fnUntraced(function* (services, raw) {
      const request = yield* decode<typeof Nothing.Type, Q, typeof Nothing.Type>(spec, raw)
      const pages = yield* spec.call(services, { ...request, caller: raw.caller as Principals["member"] })
      const lines = pages.pipe(
        Stream.tapError((error) => Effect.logWarning(`${spec.operationId} ended early`, error.message)),
        Stream.orDie,
        Stream.mapEffect(text)
      )
      return { _tag: "Lines", lines } as const
    })
  }
}
