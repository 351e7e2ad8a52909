/** VAULT-21: secrets do not leave with errors, logs, spans or printed values. */
import { inspect } from "node:util"
import { Cause, Duration, Effect, Exit, Logger, References, Tracer } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { must } from "../../Violation.ts"
import * as Canary from "./canary.ts"
import { check, probe, reference, secret } from "./support.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"

const canary = fc.stringMatching(/^[A-Za-z0-9]{24}$/).map((tail) => `Atzr|${tail}`)

/** All the ways in which a value ends up as text. */
const renderings = (value: unknown): ReadonlyArray<string> => [
  String(value),
  inspect(value, { depth: 12, showHidden: true }),
  JSON.stringify(value) ?? "",
  ...(value instanceof Error ? [value.message, value.stack ?? "", inspect(value.cause, { depth: 12 })] : [])
]

const exitRenderings = (exit: Exit.Exit<unknown, unknown>): ReadonlyArray<string> =>
  Exit.isSuccess(exit)
    ? renderings(exit.value)
    : [
        Cause.pretty(exit.cause),
        ...exit.cause.reasons.flatMap((reason) => renderings("error" in reason ? reason.error : reason))
      ]

/** Runs a call with every log line and span in hand, however fine the level. */
const overheard = Effect.fnUntraced(function* (call: Effect.Effect<unknown, unknown>) {
  const heard: Array<string> = []
  const logger = Logger.make<unknown, void>((entry) => {
    heard.push(inspect(entry.message, { depth: 12 }), Cause.pretty(entry.cause))
  })
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const exit = yield* Effect.exit(call).pipe(
    Effect.withSpan("a call of the vault"),
    Effect.provideService(Logger.CurrentLoggers, new Set([logger])),
    Effect.provideService(References.MinimumLogLevel, "All"),
    Effect.provideService(Tracer.Tracer, tracer)
  )
  for (const span of spans) {
    heard.push(span.name, ...[...span.attributes].flat().map((each) => inspect(each)))
    heard.push(...span.events.flat().map((each) => inspect(each, { depth: 12 })))
    const { status } = span
    if (status._tag === "Ended") heard.push(...exitRenderings(status.exit))
  }
  return { exit, texts: [...heard, ...exitRenderings(exit)] }
})

const calls = fc.array(
  fc.record({
    call: fc.constantFrom("put", "create", "swap", "swap blindly", "get", "remove", "lease", "seal anew", "too large"),
    reference,
    secret: canary
  }),
  { minLength: 1, maxLength: 8 }
)

const perform = (
  vault: Vault,
  organizationId: VaultInstance["organizations"][0],
  { call, reference, secret: text }: { readonly call: string; readonly reference: string; readonly secret: string }
): Effect.Effect<unknown, unknown> => {
  switch (call) {
    case "put":
      return vault.put(organizationId, reference, secret(text))
    case "create":
      return vault.create(organizationId, reference, secret(text))
    case "swap":
      return Effect.flatMap(vault.get(organizationId, reference), ({ version }) =>
        vault.compareAndSwap(organizationId, reference, version, secret(text))
      )
    case "swap blindly":
      return vault.compareAndSwap(organizationId, reference, 999, secret(text), 0)
    case "remove":
      return vault.remove(organizationId, reference)
    case "lease":
      return vault.acquireLease(organizationId, reference, Duration.minutes(1))
    case "seal anew":
      return vault.rewrap(organizationId, 5)
    case "too large":
      return vault.put(organizationId, reference, secret(text.repeat(900)))
    default:
      return vault.get(organizationId, reference)
  }
}

const listen = Effect.fnUntraced(function* (
  instance: VaultInstance,
  list: ReadonlyArray<{ readonly call: string; readonly reference: string; readonly secret: string }>,
  before: Effect.Effect<void, unknown>
) {
  const secrets: Array<string> = []
  for (const each of list) {
    secrets.push(each.secret)
    yield* before
    const { exit, texts } = yield* overheard(perform(instance.vault, instance.organizations[0], each))
    for (const text of texts) {
      for (const canary of secrets) {
        const how = Canary.find(Buffer.from(text), canary)
        yield* must(how === undefined, `a secret left ${how} with what a ${each.call} said`, {
          expected: "no trace of it",
          actual: text.length > 200 ? `${text.slice(0, 200)}…` : text
        })
      }
    }
    yield* must(Exit.isSuccess(exit) || !Cause.hasDies(exit.cause), `a ${each.call} crashed`)
  }
})

/** Secrets leave with nothing but a read. */
export const vault21: Law<VaultInstance> = {
  id: "VAULT-21",
  title: "No error, log line, span or printed value of any call holds a secret, or twelve bytes of one",
  rationale: "Logs are kept for years, sent to third parties, and read by people who must not act for customers.",
  checkFirst:
    "Look at the errors of the database driver: many carry the parameters of the statement, and as a `cause` they " +
    "reach every log. Then look at log lines and span attributes that hold the arguments of a call.",
  see: ["VaultUnavailable", "TokenVault"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      effort: 0.5,
      input: calls,
      check: (instance, list) => listen(instance, list, Effect.void)
    }),
    check({
      name: "outage",
      kind: "property",
      needs: ["outage"],
      effort: 0.5,
      input: calls,
      check: (instance, list) =>
        Effect.gen(function* () {
          yield* instance.vault.put(instance.organizations[0], "grant", secret("Atzr|stored-before-the-outage"))
          yield* listen(instance, list, probe(instance, "outage")(1))
          yield* probe(instance, "outage")(0)
        })
    })
  ]
}
