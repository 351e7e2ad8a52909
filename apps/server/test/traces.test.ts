/** Traces as a collector gets them: one authorization from the browser's request to the provider and back. */
import { text } from "@portolan/app-demo/Http"
import { Effect } from "effect"
import { expect, test } from "vitest"
import { attribute, collector, type Span } from "./support/collector.ts"
import { account, consent, member, server, startAuthorization } from "./support/place.ts"

/** OTLP's numbers for the kinds of spans. */
const kinds = { server: 2, client: 3 }

const foreign = "4bf92f3577b34da6a3ce929d0e0e4736"
const traceparent = `00-${foreign}-00f067aa0ba902b7-01`

/** Runs one authorization with telemetry and gives what the collector has when the server has stopped. */
const authorized = (settings: { readonly [name: string]: string }) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const sink = yield* collector
        const connectionId = yield* Effect.scoped(
          Effect.gen(function* () {
            const place = yield* server({
              OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
              OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
              OTEL_SERVICE_NAME: "portolan-under-test",
              OTEL_EXPORTER_OTLP_HEADERS: "x-collector-key=let-me-in",
              ...settings
            })
            return yield* Effect.promise(async () => {
              const who = await member(place)
              const { ads } = await account(who.api, "Traced")
              const { url } = await startAuthorization(who, ads)
              const walked = await consent(place, "ada", url)
              const back = await who.browser.go(text(walked, "url"))
              expect(back.status).toBe(303)
              await fetch(new URL("/healthz", place.origin), { headers: { traceparent } })
              return ads
            })
          })
        )
        const spans = sink.traces().flatMap(({ resourceSpans }) =>
          resourceSpans.flatMap(({ resource, scopeSpans }) => {
            expect(attribute(resource, "service.name")).toBe("portolan-under-test")
            return scopeSpans.flatMap((scope) => scope.spans)
          })
        )
        return { sink, spans, connectionId }
      })
    )
  )

/** The names of a span and of all that it is a part of, the nearest first. */
const lineage = (spans: ReadonlyArray<Span>, span: Span | undefined): ReadonlyArray<string> => {
  if (span === undefined) return []
  return [
    span.name,
    ...lineage(
      spans,
      spans.find(({ spanId }) => spanId === span.parentSpanId)
    )
  ]
}

test(
  "one trace spans the page, the use case, the database and the call to the provider",
  { timeout: 180_000 },
  async () => {
    const { connectionId, sink, spans } = await authorized({})
    const page = spans.find(({ name }) => name === "GET /callback/:channel")
    expect(page).toMatchObject({ kind: kinds.server, status: { code: 1 } })
    expect(page?.parentSpanId).toBeUndefined()
    expect(page && attribute(page, "http.route")).toBe("/callback/:channel")
    expect(page && attribute(page, "http.response.status_code")).toBe(303)

    const own = spans.filter(({ traceId }) => traceId === page?.traceId)
    const ids = new Set(own.map(({ spanId }) => spanId))
    expect(ids.size).toBe(own.length)
    for (const one of own) if (one !== page) expect(ids.has(one.parentSpanId ?? ""), one.name).toBe(true)

    const call = own.find(({ kind, name }) => kind === kinds.client && name.startsWith("POST "))
    expect(call && attribute(call, "http.response.status_code")).toBe(200)
    const above = lineage(own, call)
    expect(above).toContain("Connecting.receive")
    expect(above.at(-1)).toBe("GET /callback/:channel")

    const transaction = own.find(({ name }) => name.startsWith("transaction: "))
    expect(transaction && attribute(transaction, "db.system.name")).toBe("postgresql")
    expect(lineage(own, transaction)).toContain("Connecting.receive")

    // The ids of organization and connection are on what was done with them.
    const read = spans.find((one) => attribute(one, "connectionId") === connectionId)
    expect(read && String(attribute(read, "organizationId"))).toMatch(/^org_/)
    // Looking for work four times a second is nobody's trace.
    expect(spans.some(({ name }) => name === "transaction: looking for work")).toBe(false)
    // A stranger's trace is not continued.
    expect(spans.some(({ traceId }) => traceId === foreign)).toBe(false)
    expect(sink.received.every(({ headers }) => headers["x-collector-key"] === "let-me-in")).toBe(true)
    expect(sink.received.some(({ body, path }) => path === "/v1/metrics" && body.includes("portolan_jobs_due"))).toBe(
      true
    )
  }
)

test(
  "a trusted traceparent is continued; the exporters that are switched off send nothing",
  { timeout: 180_000 },
  async () => {
    const { sink, spans } = await authorized({
      TRACE_CONTEXT: "continue",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_TRACES_SAMPLER: "parentbased_always_off"
    })
    expect(spans.map(({ name }) => name)).toEqual(["GET /healthz"])
    expect(spans[0]).toMatchObject({ traceId: foreign, parentSpanId: "00f067aa0ba902b7" })
    expect(new Set(sink.received.map(({ path }) => path))).toEqual(new Set(["/v1/traces"]))
  }
)
