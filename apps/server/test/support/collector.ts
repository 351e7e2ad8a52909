/** A collector of OpenTelemetry that keeps what it is sent (OTLP over HTTP, as JSON). */
import { createServer, type IncomingHttpHeaders } from "node:http"
import { Effect, Schema } from "effect"

const Attribute = Schema.Struct({ key: Schema.String, value: Schema.Record(Schema.String, Schema.Unknown) })
const Span = Schema.Struct({
  traceId: Schema.String,
  spanId: Schema.String,
  parentSpanId: Schema.optional(Schema.String),
  name: Schema.String,
  kind: Schema.Int,
  attributes: Schema.Array(Attribute),
  status: Schema.Struct({ code: Schema.Int, message: Schema.optional(Schema.String) }),
  events: Schema.Array(Schema.Struct({ attributes: Schema.Array(Attribute) }))
})
/** A span as it was exported. */
export type Span = typeof Span.Type

const Traces = Schema.fromJsonString(
  Schema.Struct({
    resourceSpans: Schema.Array(
      Schema.Struct({
        resource: Schema.Struct({ attributes: Schema.Array(Attribute) }),
        scopeSpans: Schema.Array(Schema.Struct({ spans: Schema.Array(Span) }))
      })
    )
  })
)
const decodeTraces = Schema.decodeUnknownSync(Traces)

/** One export. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Listens until the scope closes. */
export const collector = Effect.acquireRelease(
  Effect.promise(async () => {
    const received: Array<Received> = []
    const server = createServer((request, response) => {
      let body = ""
      request.on("data", (chunk: Buffer) => (body += chunk.toString()))
      request.on("end", () => {
        received.push({ path: request.url ?? "", headers: request.headers, body })
        response.writeHead(200, { "content-type": "application/json" }).end("{}")
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    return {
      url: `http://127.0.0.1:${port}`,
      received,
      traces: () => received.filter(({ path }) => path === "/v1/traces").map(({ body }) => decodeTraces(body)),
      close: () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        })
    }
  }),
  ({ close }) => Effect.promise(close)
)

/** The value of an attribute. */
export const attribute = (of: Pick<Span, "attributes">, key: string): unknown =>
  Object.values(of.attributes.find((one) => one.key === key)?.value ?? {})[0]
