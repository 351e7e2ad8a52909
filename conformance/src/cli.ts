#!/usr/bin/env node
/** The command line. Everything it says about adapters it learns from modules loaded at run time. */
import { readFile, writeFile } from "node:fs/promises"
import * as Result from "effect/Result"
import { portRunners } from "./cli/portRunners.ts"
import type { PortRunner } from "./cli/PortRunner.ts"
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

const selectedPorts = (options: Options): ReadonlyArray<PortRunner> => {
  const unknown = options.ports.filter((name) => !portRunners.some((portRunner) => portRunner.name === name))
  if (unknown.length > 0) {
    throw new Usage(
      `there is no port '${unknown[0]}'; there are ${portRunners.map((portRunner) => portRunner.name).join(", ")}`
    )
  }
  const selected = portRunners.filter(
    (portRunner) => options.ports.length === 0 || options.ports.includes(portRunner.name)
  )
  const missing = options.laws.filter(
    (id) => !selected.some((portRunner) => portRunner.laws.some((law) => law.id === id))
  )
  if (missing.length > 0) throw new Usage(`there is no law '${missing[0]}'; --list lists them`)
  return selected.filter(
    (portRunner) => options.laws.length === 0 || portRunner.laws.some((law) => options.laws.includes(law.id))
  )
}

const subjectsOf = async (options: Options): Promise<Subjects> => {
  if (!options.subject.startsWith("mutant:")) return loadSubjects(options.subject)
  const id = options.subject.slice("mutant:".length)
  const [found] = portRunners.flatMap((portRunner) => portRunner.asSubjects(id) ?? [])
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

/** The command that repeats this run, fresh cases included. */
const sameRun = (options: Options, freshSeed: number) =>
  [
    again(options),
    ...options.ports.map((port) => `--port ${port}`),
    ...options.laws.map((law) => `--law ${law}`),
    `--budget ${options.profile} --seed ${options.seed} --fresh-seed ${freshSeed}`
  ].join(" ")

const list = (options: Options): number => {
  for (const portRunner of selectedPorts(options)) {
    say(portRunner.name)
    for (const law of portRunner.laws) {
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
  const print = aside(options)
  const all = []
  for (const portRunner of selectedPorts(options)) {
    const after = (result: Parameters<typeof mutantLine>[0]) => print(mutantLine(result))
    const results = await portRunner.matrix(options.profile, options.seed, options.laws, after)
    all.push(...results)
    count += results.length
    escaped += results.filter(({ fate }) => fate._tag !== "Caught").length
  }
  if (options.json) say(JSON.stringify(all, undefined, 2))
  print(`${count} mutants, ${count - escaped} caught by their own law`)
  return count > 0 && escaped === 0 ? 0 : 1
}

const replayOne = async (options: Options, token: ReplayToken): Promise<number> => {
  const portRunner = portRunners.find((each) => each.laws.some((law) => law.id === token.law))
  const law = portRunner?.laws.find((each) => each.id === token.law)
  if (portRunner === undefined || law === undefined)
    throw new Usage(`there is no law '${token.law}'; --list lists them`)
  const outcome = await portRunner.replay(await subjectsOf(options), token)
  if (outcome === undefined) throw new Usage(`${options.subject} offers nothing for the port ${portRunner.name}`)
  const lawText = { law: law.id, part: token.part, title: law.title, rationale: law.rationale }
  say(options.json ? JSON.stringify(outcome, undefined, 2) : text.replayed(outcome, lawText, again(options)))
  return outcome._tag === "NoLongerFails" ? 0 : 1
}

/** The chosen ports that the subject offers. Who names a port or a law means it, so that its absence is a mistake. */
const offeredPorts = (options: Options, subjects: Subjects): ReadonlyArray<PortRunner> => {
  const selected = selectedPorts(options)
  const absent = selected.filter((portRunner) => !portRunner.isOffered(subjects)).map((portRunner) => portRunner.name)
  const isNamed = options.ports.length > 0 || options.laws.length > 0
  if (absent.length > 0 && isNamed) throw new Usage(`${options.subject} offers nothing for the port ${absent[0]}`)
  if (absent.length === selected.length) throw new Error(`${options.subject} offers nothing for any port; nothing ran`)
  if (absent.length > 0) aside(options)(`${options.subject} does not offer ${absent.join(", ")}; the rest is run\n`)
  return selected.filter((portRunner) => portRunner.isOffered(subjects))
}

const check = async (options: Options): Promise<number> => {
  const subjects = await subjectsOf(options)
  const now = new Date()
  const freshSeed = options.freshSeed ?? draws(now.getTime()).below(2 ** 31)
  const print = aside(options)
  const known = await knownOf(options)
  const reports: Array<Report> = []
  for (const portRunner of offeredPorts(options, subjects)) {
    print(`${portRunner.name}, subject ${options.subject}, budget ${options.profile}`)
    print(`seed ${options.seed}, fresh seed ${freshSeed}`)
    print(`the same run again: ${sameRun(options, freshSeed)}\n`)
    const today = now.toISOString().slice(0, 10)
    const after = (result: Parameters<typeof text.line>[0]) => print(text.line(result))
    const report = await portRunner.run(subjects, { ...options, freshSeed, known, today, after })
    if (report === undefined) continue
    reports.push(report)
    print(`\n${text.summary(report, again(options))}\n`)
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
