/**
 * The packages beside other versions of what they share: the lowest effect of the range, and vitest 4. Secrets made by
 * the project have to be readable by the packages, which they are as long as there is one copy of effect.
 */
import { cpSync } from "node:fs"
import { join } from "node:path"
import { narrower, peers } from "../published.ts"
import { nodeTypes } from "./alone.ts"
import { entriesOf, typesProgram } from "./entries.ts"
import { majors, nodeOf } from "./nodes.ts"
import { copiesOf, install, type Packed, typeErrors, write } from "./Project.ts"
import { lastLines, run } from "./run.ts"
import { subjectText } from "./subject.ts"

/** The lowest version of a range such as `>=4.0.0 <5`. */
export const lowestOf = (range: string): string => range.split(" ")[0]?.replace(/^\D+/, "") ?? range

const secretsProgram = `
import { SecretsCrypto } from '@portolan/secrets'
import { Effect, Redacted } from 'effect'
const secrets = SecretsCrypto.make(Redacted.make("thirty-two characters of a secret"))
const digest = await Effect.runPromise(secrets.digest(Redacted.make("abc")))
const token = await Effect.runPromise(secrets.token)
if (!digest.startsWith("ba7816bf") || Redacted.value(token).length < 40) throw new Error("wrong secrets")
`

const conformanceTest = `
import { repository, tokenVault } from '@portolan/conformance'
import { conformance } from '@portolan/conformance/vitest'
import subjects from './memory.subject.mjs'
conformance(tokenVault, subjects.tokenVault, { profile: "minimal" })
conformance(repository, subjects.repository, { profile: "minimal" })
`

const lawsHold = async (folder: string): Promise<ReadonlyArray<string>> => {
  write(folder, "memory.subject.mjs", await subjectText())
  write(folder, "laws.test.mjs", conformanceTest)
  const vitest = join(folder, "node_modules/vitest/vitest.mjs")
  const problems: Array<string> = []
  for (const major of majors) {
    const { output, status } = await run(await nodeOf(major), [vitest, "run", "laws.test.mjs"], { cwd: folder })
    const isRun = /Tests\s+\d+ passed/.test(output)
    if (status !== 0 || !isRun) problems.push(`vitest 4 on Node ${major}: ${lastLines(output, 30)}`)
  }
  return problems
}

const secretsWork = async (folder: string): Promise<ReadonlyArray<string>> => {
  write(folder, "secrets.mjs", secretsProgram)
  const problems: Array<string> = []
  for (const major of majors) {
    const { output, status } = await run(await nodeOf(major), ["secrets.mjs"], { cwd: folder })
    if (status !== 0) problems.push(`secrets do not work on Node ${major}: ${output.trim()}`)
  }
  const copies = copiesOf(folder, "effect")
  if (copies.length !== 1) problems.push(`there are ${copies.length} copies of effect: ${copies.join(", ")}`)
  return problems
}

/** The same with a second copy of effect has to fail, else the check of secrets would notice nothing. */
const secondCopyBreaks = async (folder: string): Promise<ReadonlyArray<string>> => {
  const secrets = join(folder, "node_modules/@portolan/secrets/node_modules/effect")
  cpSync(join(folder, "node_modules/effect"), secrets, { recursive: true })
  const { output, status } = await run(process.execPath, ["secrets.mjs"], { cwd: folder })
  const isNoticed = status !== 0 && output.includes("Unable to get redacted value")
  const isCounted = copiesOf(folder, "effect").length === 2
  return isNoticed && isCounted ? [] : ["a second copy of effect is not noticed by the check itself"]
}

/** Installs what supports the lowest effect, beside vitest 4. */
export const checkOldest = async (all: ReadonlyArray<Packed>, place: string): Promise<ReadonlyArray<string>> => {
  const packages = all.filter((of) => narrower[of.name]?.effect === undefined)
  const others = { effect: lowestOf(peers.effect ?? ""), vitest: "4.1.12", ...nodeTypes }
  const folder = await install(join(place, "oldest"), { packages, all, others })
  write(folder, "entries.ts", typesProgram(packages.flatMap(entriesOf)))
  return [
    ...(await secretsWork(folder)),
    ...(await typeErrors(folder, { resolution: "nodenext" })),
    ...(await lawsHold(folder)),
    ...(await secondCopyBreaks(folder))
  ].map((problem) => `beside effect ${others.effect} and vitest 4: ${problem}`)
}
