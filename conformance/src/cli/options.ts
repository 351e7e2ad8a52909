import { parseArgs } from "node:util"
import * as Result from "effect/Result"
import { isProfile, type Profile } from "../Budget.ts"
import * as ReplayToken from "../ReplayToken.ts"
import { invocation } from "./invocation.ts"

/** What can be done; `run` when nothing else is named. */
export const commands = ["run", "list", "replay", "mutants", "mutate", "matrix", "report"] as const

/** What the command line asks for. */
export interface Options {
  readonly command: (typeof commands)[number]
  /** What stands behind the command: a replay token, or files of reports. */
  readonly operands: ReadonlyArray<string>
  readonly help: boolean
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
  /** The folder for report.json, junit.xml and report.html. */
  readonly out: string | undefined
  /** For `mutate`: the files whose names hold this. */
  readonly only: string | undefined
}

/** Explains the command. */
export const help = `Checks that an adapter keeps the laws of its port.

  ${invocation} [command] [options]

  run                 runs the laws; what happens without a command
  list                lists laws: why they matter, what to check first when one fails, their mutants
  replay <token>      runs exactly the case that a failure printed
  mutants             shows that each law catches the adapters that are wrong on purpose
  mutate              changes the source of a subject of a clone everywhere, one place at a time, and tells what no law
                      noticed; --only <text> takes the files whose names hold it
  matrix              tells which laws are about which method under which condition, or why none is
  report <file> ...   writes the reports of a JSON file to --out; of two files, tells what got better and what worse

  --subject <which>   a file (./my-vault.conformance.ts), a package, or mutant:<id>; in a clone of Portolan also memory,
                      pglite, postgres, amazon, walmart, crypto or smtp (default: memory)
  --port <name>       only this port, such as token-vault; list tells them; may be repeated
  --law <id>          only this law: VAULT-03; may be repeated
  --budget <profile>  minimal, smoke (seconds), default, deep (minutes for each law)
  --seed <number>     changes the fixed seeds (default: 0)
  --fresh-seed <n>    repeats the cases that another run had of its own: the number that it printed
  --known <file>      failures that are known: [{ "law", "reason", "link", "expires" }]
  --json              writes JSON to standard output, one object an adapter and port, and told text to standard error
  --junit <file>      writes the report as JUnit XML as well
  --out <folder>      writes report.json, junit.xml and report.html, one page that needs nothing else
  --list, --mutants, --replay <token>   other ways to write the commands
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
  junit: { type: "string" },
  out: { type: "string" },
  only: { type: "string" }
} as const

const parsed = (argv: ReadonlyArray<string>) =>
  parseArgs({ args: [...argv], options: flags, strict: true, allowPositionals: true })

type Values = ReturnType<typeof parsed>["values"]

/** What the command does instead of running laws; it does one thing at a time. */
const modes = ["list", "mutants", "replay"] as const

/** Options that are about the report of a run. */
const ofRuns = ["known", "junit", "fresh-seed"] as const

/** What does not go together, as a sentence. */
const contradiction = (values: Values): string | undefined => {
  const [mode, other] = modes.filter((name) => values[name] !== undefined)
  if (mode === undefined) return
  if (other !== undefined) return `--${mode} and --${other} do not go together`
  const idle = ofRuns.find((name) => values[name] !== undefined)
  return idle === undefined ? undefined : `--${idle} has no meaning with --${mode}`
}

const isCommand = (text: string): text is Options["command"] => commands.some((each) => each === text)

/** The command and what stands behind it: by a word, by an option, or the run of laws. */
const commandOf = (
  values: Values,
  [word, ...operands]: ReadonlyArray<string>
): Result.Result<Pick<Options, "command" | "operands">, string> => {
  const mode = modes.find((name) => values[name] !== undefined)
  if (word === undefined) return Result.succeed({ command: mode ?? "run", operands: [] })
  if (!isCommand(word)) return Result.fail(`there is no command '${word}'; there is ${commands.join(", ")}`)
  if (mode !== undefined && mode !== word) return Result.fail(`${word} and --${mode} do not go together`)
  const most = { replay: 1, report: 2 }[String(word)] ?? 0
  const stray = operands[most]
  return stray === undefined
    ? Result.succeed({ command: word, operands })
    : Result.fail(`Unexpected argument '${stray}'`)
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
    const { positionals, values } = yield* Result.try({
      try: () => parsed(argv),
      catch: (error) => firstSentence(error instanceof Error ? error.message : String(error))
    })
    const wrong = contradiction(values)
    if (wrong !== undefined) return yield* Result.fail(wrong)
    const { command, operands } = yield* commandOf(values, positionals)
    const profile = values.budget ?? "default"
    if (!isProfile(profile)) return yield* Result.fail(`--budget is minimal, smoke, default or deep, not '${profile}'`)
    const seed = yield* seedOf("--seed", values.seed)
    const freshSeed = yield* seedOf("--fresh-seed", values["fresh-seed"])
    const token = command === "replay" ? (values.replay ?? operands[0] ?? "") : undefined
    const replay = token === undefined ? undefined : ReplayToken.read(token)
    if (token !== undefined && replay === undefined) return yield* Result.fail(`'${token}' is not a replay token`)
    return {
      help: values.help ?? false,
      command,
      operands,
      json: values.json ?? false,
      subject: values.subject ?? "memory",
      ports: values.port ?? [],
      laws: values.law ?? [],
      profile,
      seed: seed ?? 0,
      freshSeed,
      replay,
      junit: values.junit,
      known: values.known,
      out: values.out,
      only: values.only
    }
  })
