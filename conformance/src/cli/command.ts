/** The command as a function. Everything it says about adapters it learns from modules loaded at run time. */
import { existsSync } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import * as Result from "effect/Result"
import { junit } from "../junit.ts"
import * as KnownFailures from "../KnownFailures.ts"
import { line as mutantLine } from "../matrix.ts"
import type { ReplayToken } from "../ReplayToken.ts"
import type { Report } from "../Report.ts"
import { draws } from "../Seed.ts"
import type { Subjects } from "../Subjects.ts"
import * as text from "../text.ts"
import { invocation } from "./invocation.ts"
import { loadSubjects } from "./loadSubjects.ts"
import { help, parse, type Options } from "./options.ts"
import { compareOrWrite, matrix, mutateSource, type Output, writeReports } from "./otherCommands.ts"
import type { PortRunner } from "./PortRunner.ts"
import { portRunners } from "./portRunners.ts"
import { Usage } from "./Usage.ts"

const toProcess: Output = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`)
}

/** Where told text goes: with `--json`, standard output is for the JSON alone. */
const aside = (options: Options, { err, out }: Output) => (options.json ? err : out)

const selectedPorts = (options: Options): ReadonlyArray<PortRunner> => {
  const unknown = options.ports.find((name) => !portRunners.some((portRunner) => portRunner.name === name))
  if (unknown !== undefined) {
    throw new Usage(`there is no port '${unknown}'; there are ${joined(portRunners.map(({ name }) => name))}`)
  }
  const selected = portRunners.filter(({ name }) => options.ports.length === 0 || options.ports.includes(name))
  const missing = options.laws.find((id) => !selected.some(({ laws }) => laws.some((law) => law.id === id)))
  if (missing !== undefined) throw new Usage(`there is no law '${missing}'; --list lists them`)
  return selected.filter(({ laws }) => options.laws.length === 0 || laws.some((law) => options.laws.includes(law.id)))
}

const subjectsOf = async (options: Options): Promise<Subjects> => {
  if (!options.subject.startsWith("mutant:")) return loadSubjects(options.subject)
  const id = options.subject.slice("mutant:".length)
  const [found] = portRunners.flatMap((portRunner) => portRunner.asSubjects(id) ?? [])
  if (found === undefined) throw new Usage(`there is no mutant '${id}'; --list lists them`)
  return found
}

const knownOf = async ({ known }: Options) => {
  if (known === undefined) return []
  if (!existsSync(known)) throw new Usage(`--known: there is no file '${known}'`)
  const read = KnownFailures.parse(await readFile(known, "utf8"))
  if (Result.isFailure(read)) throw new Usage(read.failure)
  return read.success
}

const again = (options: Options) => `${invocation} --subject ${options.subject}`

/** The command that repeats this run, fresh cases included. */
const sameRun = (options: Options, freshSeed: number) =>
  [
    again(options),
    ...options.ports.map((name) => `--port ${name}`),
    ...options.laws.map((id) => `--law ${id}`),
    `--budget ${options.profile} --seed ${options.seed} --fresh-seed ${freshSeed}`
  ].join(" ")

const list = (options: Options, { out }: Output): number => {
  const ports = selectedPorts(options).map(({ laws, name }) => ({
    port: name,
    laws: laws.filter(({ id }) => options.laws.length === 0 || options.laws.includes(id))
  }))
  if (options.json) out(JSON.stringify(ports, undefined, 2))
  if (options.json) return 0
  for (const { laws, port } of ports) {
    out(port)
    for (const { checkFirst, id, level, mutants, parts, rationale, title } of laws) {
      out(`  ${id} (${level}; ${parts.map(({ name }) => name).join(", ")}) ${title}`)
      out(`      ${rationale}`)
      out(`      check first: ${checkFirst}`)
      out(`      mutants: ${mutants.map((mutant) => mutant.id).join(", ")}`)
    }
  }
  return 0
}

const mutants = async (options: Options, output: Output): Promise<number> => {
  const print = aside(options, output)
  const all = []
  for (const portRunner of selectedPorts(options)) {
    const after = (result: Parameters<typeof mutantLine>[0]) => print(mutantLine(result))
    all.push(...(await portRunner.matrix(options.profile, options.seed, options.laws, after)))
  }
  const survivors = all.filter(({ fate }) => fate._tag !== "Caught")
  const caught = all.length - survivors.length
  if (options.json)
    output.out(JSON.stringify({ mutants: all.length, killed: caught, survivors, results: all }, undefined, 2))
  print(`${text.counted(all.length, "mutant")}, ${caught} caught by their own law`)
  return all.length > 0 && caught === all.length ? 0 : 1
}

const replayOne = async (options: Options, token: ReplayToken, { out }: Output): Promise<number> => {
  const portRunner = portRunners.find((each) => each.laws.some((law) => law.id === token.law))
  const law = portRunner?.laws.find((each) => each.id === token.law)
  if (portRunner === undefined || law === undefined) {
    throw new Usage(`there is no law '${token.law}'; --list lists them`)
  }
  const outcome = await portRunner.replay(await subjectsOf(options), token)
  if (outcome === undefined) throw new Usage(`${options.subject} offers nothing for the port ${portRunner.name}`)
  const lawText = { ...law, law: law.id, part: token.part }
  out(options.json ? JSON.stringify(outcome, undefined, 2) : text.replayed(outcome, lawText, again(options)))
  return outcome._tag === "NoLongerFails" ? 0 : 1
}

/** The chosen ports that the subject offers. Who names a port or a law means it, so that its absence is a mistake. */
const offeredPorts = (
  options: Options,
  subjects: Subjects,
  print: (line: string) => void
): ReadonlyArray<PortRunner> => {
  const selected = selectedPorts(options)
  const absent = selected.filter((portRunner) => !portRunner.isOffered(subjects)).map(({ name }) => name)
  const isNamed = options.ports.length > 0 || options.laws.length > 0
  if (absent.length > 0 && isNamed) throw new Usage(`${options.subject} offers nothing for the port ${absent[0]}`)
  if (absent.length === selected.length) throw new Error(`${options.subject} offers nothing for any port; nothing ran`)
  if (absent.length > 0) print(`${options.subject} does not offer ${absent.join(", ")}; the rest is run\n`)
  return selected.filter((portRunner) => portRunner.isOffered(subjects))
}

const check = async (options: Options, output: Output): Promise<number> => {
  const { junit: junitFile } = options
  if (junitFile !== undefined && !existsSync(dirname(resolve(junitFile)))) {
    throw new Usage(`--junit: there is no folder '${dirname(junitFile)}'`)
  }
  selectedPorts(options)
  const known = await knownOf(options)
  const subjects = await subjectsOf(options)
  const now = new Date()
  const freshSeed = options.freshSeed ?? draws(now.getTime()).below(2 ** 31)
  const print = aside(options, output)
  const reports: Array<Report> = []
  for (const portRunner of offeredPorts(options, subjects, print)) {
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
  if (junitFile !== undefined) await writeFile(junitFile, junit(reports))
  if (options.out !== undefined) await writeReports(options.out, reports)
  if (options.json) output.out(JSON.stringify(reports, undefined, 2))
  return reports.length > 0 && reports.every((report) => report.statement.green) ? 0 : 1
}

const run = async (args: ReadonlyArray<string>, output: Output): Promise<number> => {
  const parsed = parse(args)
  if (Result.isFailure(parsed)) throw new Usage(`${parsed.failure}\n${invocation} --help explains the options`)
  const options = parsed.success
  if (options.help) {
    output.out(help)
    return 0
  }
  switch (options.command) {
    case "list":
      return list(options, output)
    case "mutants":
      return mutants(options, output)
    case "matrix":
      return matrix(options, output)
    case "mutate":
      return mutateSource(options, output)
    case "report":
      return compareOrWrite(options, output)
    case "replay":
    case "run":
      return options.replay === undefined ? check(options, output) : replayOne(options, options.replay, output)
  }
}

/** Runs a command line and gives its exit code, as `--help` explains it. Never rejects: it says what is wrong. */
export const command = (args: ReadonlyArray<string>, output: Output = toProcess): Promise<number> =>
  run(args, output).catch((error: unknown) => {
    output.err(error instanceof Error ? error.message : String(error))
    return error instanceof Usage ? 2 : 1
  })

/** Names as a sentence lists them. */
function joined(names: ReadonlyArray<string>): string {
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].join(" and ")
}
