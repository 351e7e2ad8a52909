/**
 * Every setting of the reference server: one table that is decoded once, by Schema, and that `--help` prints. A setting
 * comes from the environment; what is malformed is told in one sentence that names it, all of it at once.
 */
import { Result, Schema } from "effect"
import { isLoopback } from "./loopback.ts"
import type { Entry } from "./settingsEntry.ts"
import { table } from "./settingsTable.ts"

type Table = typeof table
type WithStandard = { [N in keyof Table]: Table[N]["standard"] extends string ? N : never }[keyof Table]
type Value<N extends keyof Table> = Table[N]["schema"]["Type"]

/** All settings, decoded. Those without a default may be absent. */
export type Settings = {
  readonly [N in WithStandard]: Value<N>
} & { readonly [N in Exclude<keyof Table, WithStandard>]?: Value<N> }

/** Each setting in its sentence, and where all of them are listed, whatever started the program. */
const sentencesOf = (settings: ReadonlyArray<{ readonly name: string; readonly expected: string }>): string =>
  [
    ...settings.map(({ expected, name }) => `The setting ${name} needs ${expected}.`),
    "The same command with --help lists all settings."
  ].join(settings.length === 1 ? " " : "\n")

/** A setting that is missing or cannot be used; `expected` reads on after “needs”. */
export class BadSetting extends Schema.TaggedError<BadSetting>()("BadSetting", {
  name: Schema.String,
  expected: Schema.String
}) {
  override get message(): string {
    return sentencesOf([this])
  }
}

const secretNames: ReadonlySet<string> = new Set([
  "SECRET",
  "MASTER_KEYS",
  "KMS_TOKEN",
  "AMAZON_ADS_CLIENT_SECRET",
  "AMAZON_SP_CLIENT_SECRET",
  "OWNER_PASSWORD",
  "WALMART_CLIENT_SECRET",
  "WALMART_CONNECT_TOKEN",
  "WALMART_CONNECT_KEY",
  "SMTP_URL",
  "METRICS_TOKEN",
  "OTEL_EXPORTER_OTLP_HEADERS"
])

const groups: ReadonlyArray<ReadonlyArray<keyof Table>> = [
  ["AMAZON_ADS_CLIENT_ID", "AMAZON_ADS_CLIENT_SECRET"],
  ["AMAZON_SP_APPLICATION_ID", "AMAZON_SP_CLIENT_ID", "AMAZON_SP_CLIENT_SECRET"],
  ["WALMART_CLIENT_ID", "WALMART_CLIENT_SECRET"],
  ["WALMART_CONNECT_CONSUMER_ID", "WALMART_CONNECT_TOKEN", "WALMART_CONNECT_KEY"],
  ["KMS_URL", "KMS_TOKEN", "KMS_KEY"],
  ["SMTP_URL", "MAIL_FROM"],
  ["ORGANIZATION", "OWNER_EMAIL", "OWNER_PASSWORD"]
]

/** One of these makes an installation that reaches a provider at all. */
const credentials = [
  "AMAZON_ADS_CLIENT_ID",
  "AMAZON_SP_CLIENT_ID",
  "WALMART_CLIENT_ID",
  "WALMART_CONNECT_CONSUMER_ID"
] as const

/** Several settings that are missing or cannot be used, each told in its sentence. */
export class BadSettings extends Schema.TaggedError<BadSettings>()("BadSettings", {
  settings: Schema.Array(Schema.Struct({ name: Schema.String, expected: Schema.String }))
}) {
  override get message(): string {
    return sentencesOf(this.settings)
  }
}

/**
 * Decodes an environment. Empty variables count as absent. Fails with every setting that cannot be used, so that they
 * are corrected in one go.
 */
export const decode = (environment: {
  readonly [name: string]: string | undefined
}): Result.Result<Settings, BadSetting | BadSettings> => {
  const decoded: Record<string, unknown> = {}
  const bad: Array<BadSetting> = []
  for (const [name, { expected, schema, standard }] of Object.entries<Entry<Schema.Top>>(table)) {
    const given = environment[name]
    const value = given === undefined || given === "" ? standard : given
    if (value === undefined) continue
    const result = Schema.decodeUnknownResult(schema as Schema.Codec<unknown, string>)(value)
    if (Result.isFailure(result)) bad.push(new BadSetting({ name, expected }))
    else decoded[name] = result.success
  }
  const settings = decoded as Settings
  // What is malformed is there all the same: it is no reason to ask for its companions, nor for itself again.
  const isGiven = (name: keyof Settings) => settings[name] !== undefined || bad.some((one) => one.name === name)
  bad.push(...contradictions(settings, isGiven))
  const [first, ...more] = bad
  if (first === undefined) return Result.succeed(settings)
  return Result.fail(more.length === 0 ? first : new BadSettings({ settings: bad }))
}

/** Settings that lack what they go together with. */
const contradictions = (settings: Settings, isGiven: (name: keyof Settings) => boolean): ReadonlyArray<BadSetting> => {
  const bad: Array<BadSetting> = []
  for (const names of groups) {
    const missing = names.filter((name) => !isGiven(name))
    if (missing.length === 0 || missing.length === names.length) continue
    const given = names.filter((name) => !missing.includes(name)).join(" and ")
    bad.push(...missing.map((name) => new BadSetting({ name, expected: `a value, because ${given} is set` })))
  }
  if (settings.PROVIDER === "live" && !credentials.some(isGiven)) {
    const expected = `${credentials.join(" or ")} with its secrets beside PROVIDER=live`
    bad.push(new BadSetting({ name: "PROVIDER", expected }))
  }
  if (settings.METRICS_PORT !== undefined && !isLoopback(settings.METRICS_HOST) && !isGiven("METRICS_TOKEN")) {
    const expected = "a value, because METRICS_HOST is an address that others reach"
    bad.push(new BadSetting({ name: "METRICS_TOKEN", expected }))
  }
  if (settings.WORKER === "none" && !isGiven("DATABASE_URL")) {
    const expected = "in-process, because no other process can work on the embedded database; or set DATABASE_URL"
    bad.push(new BadSetting({ name: "WORKER", expected }))
  }
  return bad
}

/** Whether the demo organization is seeded. */
export const isDemo = (settings: Settings): boolean =>
  (settings.DEMO ?? (settings.PROVIDER === "simulator" ? "yes" : "no")) === "yes"

const runs = "runs console, API, worker and simulated providers"

/**
 * How the server is started: as the command of the installed package, or, in a clone, by npm, which names its script in
 * the environment.
 *
 * @see https://docs.npmjs.com/cli/v11/using-npm/scripts#environment
 */
export const usage = (environment: { readonly [name: string]: string | undefined }): string =>
  environment["npm_lifecycle_event"] === "start"
    ? `npm start          ${runs}\nnpm start -- --help`
    : `portolan-server         ${runs}\nportolan-server --help`

/** What `--help` prints. */
export const help = (command: string): string => {
  const lines = Object.entries<Entry<Schema.Top>>(table).map(([name, { about, expected, standard }]) => {
    const fallback = standard === undefined ? "" : ` Default: ${standard}.`
    return (
      `  ${name}\n      ${about}${fallback}\n      Expects ` +
      `${secretNames.has(name) ? `a secret: ${expected}` : expected}.`
    )
  })
  return `${command}\n\nSettings are environment variables:\n\n${lines.join("\n")}\n`
}

/** An argument that no app knows. */
export class UnknownArgument extends Schema.TaggedError<UnknownArgument>()("UnknownArgument", {
  argument: Schema.String,
  known: Schema.String
}) {
  override get message(): string {
    return (
      `There is no argument ${this.argument}; known: ${this.known}. Settings are environment ` +
      "variables: see --help."
    )
  }
}

/** Fails with the first argument that is not one of the known ones. */
export const checkArguments = (
  given: ReadonlyArray<string>,
  ...known: ReadonlyArray<string>
): Result.Result<void, UnknownArgument> => {
  const stranger = given.find((argument) => !known.includes(argument))
  return stranger === undefined
    ? Result.succeed(undefined)
    : Result.fail(new UnknownArgument({ argument: stranger.slice(0, 60), known: known.join(", ") }))
}
