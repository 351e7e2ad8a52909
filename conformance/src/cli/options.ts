import { parseArgs } from "node:util"
import * as Result from "effect/Result"
import { isProfile, type Profile } from "../Budget.ts"
import * as ReplayToken from "../ReplayToken.ts"
import { invocation } from "./invocation.ts"

/** What the command line asks for. */
export interface Options {
  readonly help: boolean
  readonly list: boolean
  readonly mutants: boolean
  readonly json: boolean
  readonly subject: string
  readonly ports: ReadonlyArray<string>
  readonly laws: ReadonlyArray<string>
  readonly profile: Profile
  readonly seed: number
  /** The seed of the cases that each run has of its own; undefined when the run draws one. */
  readonly freshSeed: number | undefined
  readonly replay: ReplayToken.ReplayToken | undefined
  readonly junit: string | undefined
  readonly known: string | undefined
}

/** Explains the command. */
export const help = `Checks that an adapter keeps the laws of its port.

  ${invocation} [options]

  --subject <which>   a file (./my-vault.conformance.ts), a package, or mutant:<id>; in a clone of Portolan also memory,
                      pglite or postgres (default: memory)
  --port <name>       only this port: token-vault, repository or workers; may be repeated
  --law <id>          only this law: VAULT-03; may be repeated
  --budget <profile>  minimal, smoke (seconds), default, deep (minutes for each law)
  --seed <number>     changes the fixed seeds (default: 0)
  --fresh-seed <n>    repeats the cases that another run had of its own: the number that it printed
  --known <file>      failures that are known: [{ "law", "reason", "link", "expires" }]
  --json              writes the report as JSON to standard output, and told text to standard error
  --junit <file>      writes the report as JUnit XML as well

Instead of running the laws:

  --list              lists laws: why they matter, what to check first when one fails, their mutants
  --mutants           shows that each law catches the adapters that are wrong on purpose
  --replay <token>    runs exactly the case that a failure printed
  --help              prints this

Ends with 0 when nothing is broken; 1 when a law is broken, a known failure holds or its entry is out of date, the suite
or the environment failed, nothing ran, or a law could not be checked for a reason that the subject does not declare;
2 when the command line cannot be understood. Ending with 0 does not mean conformant: the report says what is.`

const flags = {
  help: { type: "boolean", short: "h" },
  list: { type: "boolean" },
  mutants: { type: "boolean" },
  json: { type: "boolean" },
  subject: { type: "string" },
  port: { type: "string", multiple: true },
  law: { type: "string", multiple: true },
  budget: { type: "string" },
  seed: { type: "string" },
  "fresh-seed": { type: "string" },
  replay: { type: "string" },
  known: { type: "string" },
  junit: { type: "string" }
} as const

const valuesOf = (argv: ReadonlyArray<string>) => parseArgs({ args: [...argv], options: flags, strict: true }).values

/** What the command does instead of running laws; it does one thing at a time. */
const modes = ["list", "mutants", "replay"] as const

/** Options that are about the report of a run. */
const ofRuns = ["known", "junit", "fresh-seed"] as const

/** What does not go together, as a sentence. */
const contradiction = (values: ReturnType<typeof valuesOf>): string | undefined => {
  const [mode, other] = modes.filter((name) => values[name] !== undefined)
  if (mode === undefined) return
  if (other !== undefined) return `--${mode} and --${other} do not go together`
  const idle = ofRuns.find((name) => values[name] !== undefined)
  return idle === undefined ? undefined : `--${idle} has no meaning with --${mode}`
}

/** What the parser says, without its advice on arguments that begin with a dash. */
const firstSentence = (message: string) => message.split(". ")[0] ?? message

const seedOf = (flag: string, text: string | undefined): Result.Result<number | undefined, string> => {
  if (text === undefined) return Result.succeed(undefined)
  const seed = Number(text)
  return text.trim() !== "" && Number.isInteger(seed) && Math.abs(seed) < 2 ** 31
    ? Result.succeed(seed)
    : Result.fail(`${flag} is a whole number below 2147483648, not '${text}'`)
}

/** Reads the command line; fails with a sentence that says what is wrong with it. */
export const parse = (argv: ReadonlyArray<string>): Result.Result<Options, string> =>
  Result.gen(function* () {
    const values = yield* Result.try({
      try: () => valuesOf(argv),
      catch: (error) => firstSentence(error instanceof Error ? error.message : String(error))
    })
    const wrong = contradiction(values)
    if (wrong !== undefined) return yield* Result.fail(wrong)
    const profile = values.budget ?? "default"
    if (!isProfile(profile)) return yield* Result.fail(`--budget is minimal, smoke, default or deep, not '${profile}'`)
    const seed = yield* seedOf("--seed", values.seed)
    const freshSeed = yield* seedOf("--fresh-seed", values["fresh-seed"])
    const replay = values.replay === undefined ? undefined : ReplayToken.read(values.replay)
    if (values.replay !== undefined && replay === undefined) {
      return yield* Result.fail(`'${values.replay}' is not a replay token`)
    }
    return {
      help: values.help ?? false,
      list: values.list ?? false,
      mutants: values.mutants ?? false,
      json: values.json ?? false,
      subject: values.subject ?? "memory",
      ports: values.port ?? [],
      laws: values.law ?? [],
      profile,
      seed: seed ?? 0,
      freshSeed,
      replay,
      junit: values.junit,
      known: values.known
    }
  })
