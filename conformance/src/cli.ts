/** The command line. Everything it says about adapters it learns from modules loaded at run time. */
import { readFile, writeFile } from "node:fs/promises"
import * as Result from "effect/Result"
import { benches } from "./cli/benches.ts"
import type { Bench } from "./cli/Bench.ts"
import { loadSubjects } from "./cli/loadSubjects.ts"
import { help, parse, type Options } from "./cli/options.ts"
import { junit } from "./junit.ts"
import * as KnownFailures from "./KnownFailures.ts"
import { line as mutantLine } from "./matrix.ts"
import type { ReplayToken } from "./ReplayToken.ts"
import type { Report } from "./Report.ts"
import { draws } from "./Seed.ts"
import type { Subjects } from "./Subjects.ts"
import * as text from "./text.ts"

/** A mistake of the caller, told in one sentence. */
class Usage extends Error {}

const say = (line: string) => void process.stdout.write(`${line}\n`)
const aside = (options: Options) => (options.json ? (line: string) => void process.stderr.write(`${line}\n`) : say)

const chosenBenches = (options: Options): ReadonlyArray<Bench> => {
  const unknown = options.ports.filter((name) => !benches.some((bench) => bench.name === name))
  if (unknown.length > 0) {
    throw new Usage(`there is no port '${unknown[0]}'; there are ${benches.map((bench) => bench.name).join(", ")}`)
  }
  const chosen = benches.filter((bench) => options.ports.length === 0 || options.ports.includes(bench.name))
  const missing = options.laws.filter((id) => !chosen.some((bench) => bench.laws.some((law) => law.id === id)))
  if (missing.length > 0) throw new Usage(`there is no law '${missing[0]}'; --list lists them`)
  return chosen.filter((bench) => options.laws.length === 0 || bench.laws.some((law) => options.laws.includes(law.id)))
}

const subjectsOf = async (options: Options): Promise<Subjects> => {
  if (!options.subject.startsWith("mutant:")) return loadSubjects(options.subject)
  const id = options.subject.slice("mutant:".length)
  const [found] = benches.flatMap((bench) => bench.asSubjects(id) ?? [])
  if (found === undefined) throw new Usage(`there is no mutant '${id}'; --list lists them`)
  return found
}

const knownOf = async (options: Options) => {
  if (options.known === undefined) return []
  const read = KnownFailures.parse(await readFile(options.known, "utf8"))
  if (Result.isFailure(read)) throw new Usage(read.failure)
  return read.success
}

const again = (options: Options) => `npm run conformance -- --subject ${options.subject}`

const list = (options: Options): number => {
  for (const bench of chosenBenches(options)) {
    say(bench.name)
    for (const law of bench.laws) {
      if (options.laws.length > 0 && !options.laws.includes(law.id)) continue
      say(`  ${law.id} (${law.level}; ${law.parts.join(", ")}) ${law.title}`)
      say(`      ${law.rationale}`)
      say(`      mutants: ${law.mutants.join(", ")}`)
    }
  }
  return 0
}

const mutants = async (options: Options): Promise<number> => {
  let escaped = 0
  let count = 0
  const tell = aside(options)
  const all = []
  for (const bench of chosenBenches(options)) {
    const after = (result: Parameters<typeof mutantLine>[0]) => tell(mutantLine(result))
    const results = await bench.matrix(options.profile, options.seed, options.laws, after)
    all.push(...results)
    count += results.length
    escaped += results.filter(({ fate }) => fate._tag !== "Caught").length
  }
  if (options.json) say(JSON.stringify(all, undefined, 2))
  tell(`${count} mutants, ${count - escaped} caught by their own law`)
  return count > 0 && escaped === 0 ? 0 : 1
}

const replayOne = async (options: Options, token: ReplayToken): Promise<number> => {
  const bench = benches.find((each) => each.laws.some((law) => law.id === token.law))
  const law = bench?.laws.find((each) => each.id === token.law)
  if (bench === undefined || law === undefined) throw new Usage(`there is no law '${token.law}'; --list lists them`)
  const outcome = await bench.replay(await subjectsOf(options), token)
  if (outcome === undefined) throw new Usage(`${options.subject} offers nothing for the port ${bench.name}`)
  const told = { law: law.id, part: token.part, title: law.title, rationale: law.rationale }
  say(options.json ? JSON.stringify(outcome, undefined, 2) : text.replayed(outcome, told, again(options)))
  return outcome._tag === "NoLongerFails" ? 0 : 1
}

/** The chosen ports that the subject offers. Who names a port or a law means it, so that its absence is a mistake. */
const offeredBenches = (options: Options, subjects: Subjects): ReadonlyArray<Bench> => {
  const chosen = chosenBenches(options)
  const absent = chosen.filter((bench) => !bench.isOffered(subjects)).map((bench) => bench.name)
  const isNamed = options.ports.length > 0 || options.laws.length > 0
  if (absent.length > 0 && isNamed) throw new Usage(`${options.subject} offers nothing for the port ${absent[0]}`)
  if (absent.length === chosen.length) throw new Error(`${options.subject} offers nothing for any port; nothing ran`)
  if (absent.length > 0) aside(options)(`${options.subject} does not offer ${absent.join(", ")}; the rest is run\n`)
  return chosen.filter((bench) => bench.isOffered(subjects))
}

const check = async (options: Options): Promise<number> => {
  const subjects = await subjectsOf(options)
  const now = new Date()
  const freshSeed = draws(now.getTime()).below(2 ** 31)
  const tell = aside(options)
  const known = await knownOf(options)
  const reports: Array<Report> = []
  for (const bench of offeredBenches(options, subjects)) {
    tell(`${bench.name}, subject ${options.subject}, budget ${options.profile}`)
    tell(`seed ${options.seed}, fresh seed ${freshSeed}`)
    const today = now.toISOString().slice(0, 10)
    const after = (result: Parameters<typeof text.line>[0]) => tell(text.line(result))
    const report = await bench.run(subjects, { ...options, freshSeed, known, today, after })
    if (report === undefined) continue
    reports.push(report)
    tell(`\n${text.summary(report, again(options))}\n`)
  }
  if (options.junit !== undefined) await writeFile(options.junit, junit(reports))
  if (options.json) say(JSON.stringify(reports, undefined, 2))
  return reports.length > 0 && reports.every((report) => report.statement.green) ? 0 : 1
}

const main = async (): Promise<number> => {
  const parsed = parse(process.argv.slice(2))
  if (Result.isFailure(parsed)) throw new Usage(parsed.failure)
  const options = parsed.success
  if (options.help) {
    say(help)
    return 0
  }
  if (options.list) return list(options)
  if (options.replay !== undefined) return replayOne(options, options.replay)
  return options.mutants ? mutants(options) : check(options)
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof Usage ? 2 : 1
  }
)
