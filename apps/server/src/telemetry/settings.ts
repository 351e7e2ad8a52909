/**
 * Settings of metrics, logs and traces. Those that begin with `OTEL_` are the standard ones; what is not in this table,
 * e.g. `OTEL_BSP_SCHEDULE_DELAY` or `OTEL_METRIC_EXPORT_INTERVAL`, is read where it is used.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
import { Schema } from "effect"
import { entry, port, text, url, withDefault } from "../settingsEntry.ts"

const endpoint = (about: string) =>
  entry({ schema: url("http:", "https:"), expected: "an address, e.g. http://127.0.0.1:4318", about })

const exporter = (signal: string) =>
  entry({
    schema: Schema.Literals(["otlp", "none"]),
    expected: "otlp or none",
    about: `Whether ${signal} are exported. Default: otlp where an endpoint is set.`
  })

/** How a sampler is named. */
export const Sampler = Schema.Literals([
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio"
])

/** The rows. */
export const telemetryTable = {
  METRICS_TOKEN: entry({
    schema: Schema.RedactedFromValue(Schema.String.check(Schema.isPattern(/^[!-~]{16,512}$/))),
    expected: "16 to 512 printable characters without spaces",
    about:
      "Scrapers send it as a bearer token to read /metrics. Without it, /metrics answers only on an address that " +
      "nothing but this machine reaches."
  }),
  METRICS_HOST: withDefault("127.0.0.1", {
    schema: text,
    expected: "an address to listen on",
    about: "Address of METRICS_PORT. One that others reach needs METRICS_TOKEN."
  }),
  METRICS_PORT: entry({
    schema: port,
    expected: "a port from 0 to 65535 (0 takes a free one)",
    about: "A port for /metrics alone, in servers and workers; a worker listens nowhere else."
  }),
  LOG_FORMAT: withDefault("text", {
    schema: Schema.Literals(["text", "json"]),
    expected: "text or json",
    about: "How the log is written: for people, or one JSON object a line with the ids of organization and connection."
  }),
  LOG_LEVEL: withDefault("info", {
    schema: Schema.Literals(["debug", "info", "warn", "error"]),
    expected: "debug, info, warn or error",
    about: "The least level that is logged."
  }),
  TRACE_CONTEXT: withDefault("ignore", {
    schema: Schema.Literals(["ignore", "continue"]),
    expected: "ignore or continue",
    about:
      "Whether a request's traceparent header continues the caller's trace. Set it to continue only behind a proxy " +
      "that makes or removes this header."
  }),
  OTEL_SDK_DISABLED: entry({
    schema: Schema.Literals(["true", "false"]),
    expected: "true or false",
    about: "Switches every export of telemetry off."
  }),
  OTEL_SERVICE_NAME: entry({
    schema: text,
    expected: "a name",
    about: "How this process is called in traces, metrics and logs. Default: portolan-server or portolan-worker."
  }),
  OTEL_RESOURCE_ATTRIBUTES: entry({
    schema: text.check(Schema.isPattern(/^[^=,\s]+=[^,]*(,[^=,\s]+=[^,]*)*$/)),
    expected: "name=value,name=value",
    about: "More about this process, e.g. deployment.environment.name=production."
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(
    "A collector of OpenTelemetry (OTLP over HTTP). Traces, metrics and logs go there; without it nothing is exported."
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint(
    "The whole address for traces, in place of the one made from the above."
  ),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint("The same for metrics."),
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: endpoint("The same for logs."),
  OTEL_EXPORTER_OTLP_HEADERS: entry({
    schema: Schema.RedactedFromValue(text.check(Schema.isPattern(/^[^=,\s]+=[^,]*(,[^=,\s]+=[^,]*)*$/))),
    expected: "name=value,name=value",
    about: "Headers of every export, e.g. a key of the collector."
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: withDefault("http/protobuf", {
    schema: Schema.Literals(["http/protobuf", "http/json"]),
    expected: "http/protobuf or http/json (gRPC is not spoken)",
    about: "How exports are written."
  }),
  OTEL_TRACES_EXPORTER: exporter("traces"),
  OTEL_METRICS_EXPORTER: exporter("metrics"),
  OTEL_LOGS_EXPORTER: exporter("logs"),
  OTEL_TRACES_SAMPLER: withDefault("parentbased_always_on", {
    schema: Sampler,
    expected: Sampler.literals.join(", "),
    about: "Which traces are exported."
  }),
  OTEL_TRACES_SAMPLER_ARG: withDefault("1", {
    schema: Schema.FiniteFromString.check(Schema.isBetween({ minimum: 0, maximum: 1 })),
    expected: "a share from 0 to 1",
    about: "The share of traces that a sampler with a ratio exports."
  })
} as const
