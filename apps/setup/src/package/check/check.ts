/** `npm run package -- --check`: builds, packs and installs the packages, and says of each whether it works. */
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { build, type Built } from "../build.ts"
import { type Package, publishable } from "../packages.ts"
import { type AloneResult, checkAlone } from "./alone.ts"
import { examplesOf } from "./examples.ts"
import { judgeTypes, lintPackage } from "./lint.ts"
import { problemsOfManifest } from "./manifests.ts"
import { nodeOf, majors } from "./nodes.ts"
import { checkOldest } from "./oldest.ts"
import { pack, type Packed } from "./Project.ts"
import { kilobytes, limits, type Size, sizeOf, tooLarge } from "./size.ts"
import { checkTogether } from "./together.ts"

/** What is known about one package in the end. */
interface Judged {
  readonly of: Packed
  readonly lint: ReadonlyArray<string>
  readonly types: ReadonlyArray<string>
  readonly alone: AloneResult
}

const failed = (error: unknown): ReadonlyArray<string> => [error instanceof Error ? error.message : String(error)]

const judge = async (of: Packed, all: ReadonlyArray<Packed>, place: string): Promise<Judged> => {
  const lint = await lintPackage(of.built).catch(failed)
  const types = await judgeTypes(of.tarball, of.manifest).catch(failed)
  const alone = await checkAlone(of, all, join(place, "alone")).catch((error: unknown) => ({
    nodes: [],
    problems: failed(error)
  }))
  return { of, lint: [...problemsOfManifest(of.built.of), ...lint], types, alone }
}

/** Does the work for each item, a few at a time. */
const eachOf = async <A, B>(items: ReadonlyArray<A>, atOnce: number, work: (item: A) => Promise<B>) => {
  const done: Array<B> = []
  const waiting = [...items.entries()]
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) done[one[0]] = await work(one[1])
  }
  await Promise.all(Array.from({ length: atOnce }, next))
  return done
}

const mark = (problems: ReadonlyArray<string>): string => (problems.length === 0 ? "ok" : "WRONG")

/** The line of a package. */
export const lineOf = ({ alone, lint, of, types }: Judged, others: ReadonlyArray<string>): string => {
  const isTypes = (problem: string) => /^(TypeScript|types|are-the)/.test(problem)
  const inUse = [...alone.problems, ...others]
  return [
    `${of.short} ${of.manifest.version}`.padEnd(18),
    `publint ${mark(lint)}`,
    `types ${mark([...types, ...inUse.filter(isTypes)])}`,
    `node ${alone.nodes.join(" ")} ${mark(inUse.filter((problem) => !isTypes(problem)))}`,
    `examples ${examplesOf(of).length}`,
    `size ${kilobytes(statSync(of.tarball).size)}`
  ].join("  ")
}

const sizeLine = ({ effect, own, total }: Size): string =>
  `Connection alone: ${kilobytes(total)} minified, ${kilobytes(effect)} of it effect; ` +
  `the domain adds ${kilobytes(own)} (at most ${kilobytes(limits.Connection.own)})`

const installEverywhere = async (names: ReadonlySet<string>, all: ReadonlyArray<Packed>, place: string) => {
  for (const major of majors) await nodeOf(major)
  const together = await checkTogether(all, place).catch((error: unknown) => new Map([["", failed(error)]]))
  const oldest = await checkOldest(all, place).catch(failed)
  const own = all.filter(({ short }) => names.has(short))
  const judged = await eachOf(own, 2, (of) => judge(of, all, place))
  return { judged, together, oldest }
}

const report = (lines: ReadonlyArray<string>, problems: ReadonlyArray<string>): number => {
  for (const line of lines) console.log(line)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) console.error(`${problems.length} problems.`)
  return problems.length === 0 ? 0 : 1
}

/** Checks these packages, and all packages together. Gives the exit code. */
export const check = async (packages: ReadonlyArray<Package>): Promise<number> => {
  const place = mkdtempSync(join(tmpdir(), "portolan-packages-"))
  try {
    const built: ReadonlyArray<Built> = build(publishable())
    const all = await eachOf(built, 2, (one) => pack(one, join(place, "packed")))
    const names = new Set(packages.map(({ short }) => short))
    const { judged, oldest, together } = await installEverywhere(names, all, place)
    const size = await sizeOf("Connection")
    const others = (of: Packed) => together.get(of.short) ?? []
    const problems = judged.flatMap((one) =>
      [...one.lint, ...one.types, ...one.alone.problems, ...others(one.of)].map(
        (problem) => `${one.of.short}: ${problem}`
      )
    )
    const common = [...(together.get("") ?? []), ...oldest, ...tooLarge("Connection", size, limits.Connection)]
    return report([...judged.map((one) => lineOf(one, others(one.of))), sizeLine(size)], [...problems, ...common])
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
