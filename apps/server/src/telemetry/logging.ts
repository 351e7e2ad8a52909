/** How the log is written. */
import { Layer, Logger, References } from "effect"
import type { Settings } from "../Settings.ts"

const levels = { debug: "Debug", info: "Info", warn: "Warn", error: "Error" } as const

/** One JSON object a line: what effect logs, with the ids of the trace that it belongs to. */
const json = Logger.make<unknown, void>((options) => {
  const { span } = options.fiber.cache
  const line = Logger.formatStructured.log(options)
  const trace = span?.sampled === true ? { traceId: span.traceId, spanId: span.spanId } : {}
  process.stdout.write(`${JSON.stringify({ ...line, ...trace })}\n`)
})

/** The loggers and the least level of an installation. Text goes where the program's own loggers write. */
export const logging = ({ LOG_FORMAT, LOG_LEVEL }: Pick<Settings, "LOG_FORMAT" | "LOG_LEVEL">) =>
  Layer.mergeAll(
    LOG_FORMAT === "json" ? Logger.layer([json]) : Layer.empty,
    Layer.succeed(References.MinimumLogLevel, levels[LOG_LEVEL])
  )
