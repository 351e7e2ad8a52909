/**
 * What a process tells of itself while it runs: its log, and over OpenTelemetry's protocol (OTLP over HTTP) traces,
 * metrics and logs. Where no collector is named nothing is exported and no span is made.
 */
import { TrustTraceContext } from "@portolan/ports"
import { ConfigProvider, Effect, Layer, Redacted, References, Tracer } from "effect"
import { OtlpLogger, OtlpMetrics, OtlpSerialization, OtlpTracer } from "effect/observability"
import type { Settings } from "../Settings.ts"
import { lazyHttpClient } from "../lazyHttpClient.ts"
import { logging } from "./logging.ts"
import { safeTracer } from "./safeTracer.ts"

/** The programs of an installation, as they are called where `OTEL_SERVICE_NAME` says nothing else. */
export type Program = "portolan-server" | "portolan-worker"

/** What can be exported. */
type Signal = "TRACES" | "METRICS" | "LOGS"

/** Whether a signal is exported. */
export const exportsSignal = (settings: Settings, signal: Signal): boolean => {
  if (settings.OTEL_SDK_DISABLED === "true" || settings[`OTEL_${signal}_EXPORTER`] === "none") return false
  const own = settings[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]
  return (own ?? settings.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined
}

/** The standard variables as effect reads them: what the settings hold, and the rest from the environment. */
const environmentOf = (settings: Settings, program: Program): { readonly [name: string]: string } => {
  const given = Object.entries({ ...process.env, ...settings }).flatMap(([name, value]) => {
    if (!name.startsWith("OTEL_") || value === undefined || value === "") return []
    return [[name, Redacted.isRedacted(value) ? String(Redacted.value(value)) : String(value)] as const]
  })
  return {
    ...Object.fromEntries(given),
    OTEL_SERVICE_NAME: settings.OTEL_SERVICE_NAME ?? program,
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_LOGS_EXPORTER: "otlp"
  }
}

const noSpans = Layer.succeed(References.TracerEnabled, false)

const traces = (settings: Settings) =>
  Layer.effect(
    Tracer.Tracer,
    Effect.map(Tracer.Tracer, (tracer) => safeTracer(tracer, settings))
  ).pipe(Layer.provide(OtlpTracer.layerFromConfig()))

/** The layer of a process. It comes before all others, and closes last: what it holds is sent then. */
export const layer = (settings: Settings, program: Program): Layer.Layer<never> => {
  const exported = Layer.mergeAll(
    exportsSignal(settings, "TRACES") ? traces(settings) : noSpans,
    exportsSignal(settings, "METRICS") ? OtlpMetrics.layerFromConfig() : Layer.empty,
    exportsSignal(settings, "LOGS") ? OtlpLogger.layerFromConfig({ mergeWithExisting: true }) : Layer.empty,
    Layer.succeed(TrustTraceContext, settings.TRACE_CONTEXT === "continue")
  )
  const isJson = settings.OTEL_EXPORTER_OTLP_PROTOCOL === "http/json"
  return exported.pipe(
    Layer.provide(isJson ? OtlpSerialization.layerJson : OtlpSerialization.layerProtobuf),
    Layer.provide(lazyHttpClient),
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: { ...environmentOf(settings, program) } }))),
    Layer.provideMerge(logging(settings))
  )
}
