/**
 * What leaves this process about a span that failed: the class of the failure and nothing else. Messages hold
 * providers' words, addresses of people and, where a program has a fault, whatever broke it; the log has them, with the
 * ids of the trace.
 */
import { Cause, Exit, Tracer } from "effect"
import type { Settings } from "../Settings.ts"

const classOf = (error: unknown): string => {
  if (typeof error !== "object" || error === null) return "unknown"
  if ("_tag" in error && typeof error._tag === "string") return error._tag
  return error instanceof Error ? error.name : "unknown"
}

/** An error that has a class only. */
const named = (name: string): Error => {
  const error = new Error(name)
  error.name = name
  error.stack = name
  return error
}

const withoutWords = (exit: Exit.Exit<unknown, unknown>): Exit.Exit<unknown, unknown> => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return exit
  const failure = exit.cause.reasons.find(Cause.isFailReason)
  const defect = exit.cause.reasons.find(Cause.isDieReason)
  return Exit.fail(named(classOf(failure === undefined ? defect?.defect : failure.error)))
}

/** Whether a trace is within a share, by its id: every process that sees it decides alike. */
const isWithin = (traceId: string, share: number): boolean =>
  Number.parseInt(traceId.slice(-13), 16) / 0x10_0000_0000_0000 < share

type Sampling = Pick<Settings, "OTEL_TRACES_SAMPLER" | "OTEL_TRACES_SAMPLER_ARG">

/** Whether a span is exported; `parent` is that of the span that called, when there is one. */
const isSampled = (
  { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share }: Sampling,
  traceId: string,
  parent: Tracer.AnySpan | undefined
): boolean => {
  if (parent !== undefined && sampler.startsWith("parentbased_")) return parent.sampled
  if (sampler.endsWith("always_on")) return true
  if (sampler.endsWith("always_off")) return false
  return isWithin(traceId, share)
}

/** Wraps a tracer: spans are sampled as the settings say, and end without the words of their failure. */
export const safeTracer = (inner: Tracer.Tracer, sampling: Sampling): Tracer.Tracer =>
  Tracer.make({
    ...(inner.context === undefined ? {} : { context: inner.context }),
    span: (options) => {
      const span = inner.span(options)
      const parent = options.parent._tag === "Some" ? options.parent.value : undefined
      const sampled = options.sampled && isSampled(sampling, span.traceId, parent)
      const end = span.end.bind(span)
      return Object.assign(span, {
        sampled,
        end: (at: bigint, exit: Exit.Exit<unknown, unknown>) => end(at, withoutWords(exit))
      })
    }
  })
