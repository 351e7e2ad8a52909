/**
 * `npm run secrets`: the secrets of applications on a live database. A secret is read from standard input or a file; it
 * is never an argument, and nothing prints one.
 */
import { readFile } from "node:fs/promises"
import { text } from "node:stream/consumers"
import { parseArgs } from "node:util"
import { given } from "@portolan/domain"
import { ApplicationSecrets } from "@portolan/ports"
import { DataKeys, Store, TokenVaultPostgres } from "@portolan/postgres"
import { DateTime, Effect, Layer, Option, Redacted, Result, Schema } from "effect"
import * as DeploymentSecrets from "./DeploymentSecrets.ts"
import { provider } from "./installation.ts"
import { keyRing } from "./keyRing.ts"
import { database } from "./layers.ts"
import { applications } from "./providerLayers.ts"
import type { Settings } from "./Settings.ts"
import type { Simulated } from "./simulated.ts"

/** What was typed. */
export interface Options {
  readonly action: "status" | "set" | "promote" | "retire" | "rotate" | "receive"
  /** The application; empty for `status` and `receive`. */
  readonly name: string
  readonly json: boolean
  /** Where a secret or a message is read from; standard input when left out. */
  readonly file?: string
  readonly expires?: DateTime.Utc
  readonly label?: string
  readonly isSure: boolean
  readonly isPending: boolean
}

/** What the command understands. */
export const usage = `npm run secrets -- status                which secrets each application has, and when they end
npm run secrets -- set APP [--expires DAY]    stores a new secret beside the one that is used, and tries it;
                                              --label V: what the provider calls it, e.g. the version of a key
npm run secrets -- promote APP [--yes]        tries it again and uses it from now on; --yes: whatever the provider says
npm run secrets -- retire APP [--pending]     forgets the secret before, or the one that waits
npm run secrets -- rotate APP                 asks the provider to make a new one, which its notice brings
npm run secrets -- receive                    takes a notice of the provider
                --file FILE                   reads the secret or the notice from a file, and not from standard input
                --json                        one JSON object instead of words
APP is a channel, e.g. amazon-sp. A secret is never an argument: other users of the machine see those.`

/** The words do not say what to do. They are not repeated: one of them may be a secret. */
export class UnknownCommand extends Schema.TaggedError<UnknownCommand>()("UnknownCommand", {}) {
  override get message(): string {
    return `It is not clear what to do.\n\n${usage}`
  }
}

/** There is no secret, or no notice, where it was to be read. */
export class NothingRead extends Schema.TaggedError<NothingRead>()("NothingRead", { because: Schema.String }) {
  override get message(): string {
    return `Nothing could be read: ${this.because}. Pipe it in, or name a file with --file.`
  }
}

const flags = {
  json: { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  pending: { type: "boolean", default: false },
  file: { type: "string" },
  expires: { type: "string" },
  label: { type: "string" }
} as const

/** The flags that an action takes beside `--json`, and whether it names an application. */
const actions: {
  readonly [A in Options["action"]]: { readonly flags: ReadonlyArray<string>; readonly named: boolean }
} = {
  status: { flags: [], named: false },
  set: { flags: ["file", "expires", "label"], named: true },
  promote: { flags: ["yes"], named: true },
  retire: { flags: ["pending"], named: true },
  rotate: { flags: [], named: true },
  receive: { flags: ["file"], named: false }
}

const isAction = (name: string | undefined): name is Options["action"] =>
  name !== undefined && Object.hasOwn(actions, name)

const parsed = (words: ReadonlyArray<string>) => {
  try {
    return parseArgs({ args: [...words], options: flags, allowPositionals: true })
  } catch {
    return undefined
  }
}

/** Reads what was typed. */
export const parse = (words: ReadonlyArray<string>): Result.Result<Options, UnknownCommand> => {
  const refused = Result.fail(new UnknownCommand())
  const read = parsed(words)
  if (read === undefined) return refused
  const [action, name = "", ...rest] = read.positionals
  if (!isAction(action) || rest.length > 0 || actions[action].named !== (name !== "")) return refused
  const { expires, file, json, label, pending, yes } = read.values
  const typed = Object.entries({ expires, file, label, pending, yes }).filter(
    ([, value]) => value !== undefined && value !== false
  )
  if (typed.some(([flag]) => !actions[action].flags.includes(flag))) return refused
  const end = expires === undefined ? undefined : Option.getOrUndefined(DateTime.make(expires))
  if (expires !== undefined && end === undefined) return refused
  return Result.succeed({
    action,
    name,
    json,
    isSure: yes,
    isPending: pending,
    ...(file === undefined ? {} : { file }),
    ...(label === undefined ? {} : { label }),
    ...(end === undefined ? {} : { expires: DateTime.toUtc(end) })
  })
}

const because = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

/** Reads a file, or standard input, without the line breaks around. */
export const readInput = (file: string | undefined): Effect.Effect<Redacted.Redacted<string>, NothingRead> =>
  Effect.gen(function* () {
    if (file === undefined && process.stdin.isTTY)
      return yield* new NothingRead({ because: "a terminal would show what is typed" })
    const read = yield* Effect.tryPromise({
      try: () => (file === undefined ? text(process.stdin) : readFile(file, "utf8")),
      catch: (cause) => new NothingRead({ because: because(cause) })
    })
    return read.trim() === "" ? yield* new NothingRead({ because: "it is empty" }) : Redacted.make(read.trim())
  })

/** Where the command writes to and reads from. */
export interface Streams {
  /** A line of the result. */
  readonly line: (text: string) => void
  /** Reads a file or standard input. */
  readonly input: typeof readInput
}

/** The care for secrets over the database of an installation, and nothing else of it. */
const care = (settings: Settings, secrets: DeploymentSecrets.DeploymentSecrets, simulated: Simulated | undefined) =>
  ApplicationSecrets.ApplicationSecrets.layer.pipe(
    Layer.provide(TokenVaultPostgres.layer),
    Layer.provide(DataKeys.layer),
    Layer.provide(keyRing(settings, secrets)),
    Layer.provide(Store.layer),
    Layer.provide(database(settings)),
    Layer.provide(applications({ settings, simulated }))
  )

const iso = (at: DateTime.Utc) => DateTime.formatIso(at).slice(0, 16).replace("T", " ")

const lineOf = (state: string, view: ApplicationSecrets.SecretView): string => {
  const { addedAt, daysLeft, endIsAssumed, endsAt, number, source, tested } = view
  const end =
    endsAt === undefined
      ? "no end is known"
      : `${endIsAssumed ? "ends at the latest" : "ends"} ${iso(endsAt)} UTC (${daysLeft} days)`
  const outcome = tested === undefined ? "not tried" : `${tested.outcome} when tried ${iso(tested.at)} UTC`
  return `  ${state.padEnd(8)} secret ${number}  from ${source}, since ${iso(addedAt)} UTC, ${end}, ${outcome}`
}

const linesOf = (view: ApplicationSecrets.ApplicationView): ReadonlyArray<string> => [
  `${view.name}  ${view.clientId}  serves ${view.channels.join(", ")}`,
  lineOf("used", view.current),
  ...(view.previous === undefined ? [] : [lineOf("before", view.previous)]),
  ...(view.pending === undefined ? [] : [lineOf("waits", view.pending)]),
  ...(view.isStored ? [] : ["  Nothing is stored yet: the secret of the settings is used."]),
  ...view.warnings.map((warning) => `  ! ${warning}`)
]

/** What to do after an action that went well. */
const nextSteps: { readonly [A in Options["action"]]?: string } = {
  set: "Use it with: promote",
  promote: "Servers and workers use it within 5 seconds. Change the settings as well, so that they agree.",
  rotate: "The provider was asked. Its notice brings the new secret: see Application secrets in the README."
}

const readNotice = (text: string) =>
  Effect.try({ try: (): unknown => JSON.parse(text), catch: () => new NothingRead({ because: "it is no JSON" }) })

const perform = Effect.fnUntraced(function* (
  service: ApplicationSecrets.ApplicationSecrets["Service"],
  { action, expires, file, isPending, isSure, label, name }: Options,
  input: Streams["input"]
) {
  switch (action) {
    case "status":
      return yield* service.status()
    case "set": {
      const secret = yield* input(file)
      return [yield* service.set(name, given({ secret, label, endsAt: expires }))]
    }
    case "promote":
      return [yield* service.promote(name, isSure)]
    case "retire":
      return [yield* service.retire(name, isPending ? "pending" : "previous")]
    case "rotate":
      return [yield* service.rotate(name)]
    case "receive":
      return [yield* service.receive(yield* readNotice(Redacted.value(yield* input(file))))]
  }
})

const encode = (view: ApplicationSecrets.ApplicationView): unknown =>
  JSON.parse(
    JSON.stringify(view, (_, value: unknown) => (DateTime.isDateTime(value) ? DateTime.formatIso(value) : value))
  )

/** Carries the command out. Says whether all is well: no warning, and no new secret that was refused. */
export const run = Effect.fn("secrets")(function* (settings: Settings, options: Options, { input, line }: Streams) {
  const secrets = yield* DeploymentSecrets.load(settings, false)
  const simulated = yield* provider(settings)
  return yield* Effect.gen(function* () {
    const views = yield* perform(yield* ApplicationSecrets.ApplicationSecrets, options, input)
    const isRefused = views.some(({ pending }) => pending?.tested?.outcome === "refused")
    const isWell = options.action === "status" ? views.every(({ warnings }) => warnings.length === 0) : !isRefused
    if (options.json) line(JSON.stringify({ applications: views.map(encode) }))
    else {
      for (const view of views) for (const one of linesOf(view)) line(one)
      if (views.length === 0) line("The settings name no application.")
      const next = nextSteps[options.action]
      if (isWell && next !== undefined) line(next)
    }
    return isWell
  }).pipe(Effect.provide(care(settings, secrets, simulated)))
})
