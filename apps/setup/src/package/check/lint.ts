/** Two public checks of a packed package: publint, and are-the-types-wrong. */
import { readFileSync } from "node:fs"
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core"
import { problemAffectsResolutionKind } from "@arethetypeswrong/core/problems"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import type { Built } from "../build.ts"
import type { Published } from "../manifest.ts"

/** What publint says about a built package, suggestions included. */
export const lintPackage = async ({ folder }: Built): Promise<ReadonlyArray<string>> => {
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"))
  const { messages } = await publint({ pkgDir: folder, strict: true, pack: false })
  return messages.map((message) => `publint: ${formatMessage(message, manifest, { color: false }) ?? message.code}`)
}

/** The ways to resolve types that are promised: an ES module that imports, and a bundler. */
const promised = ["node16-esm", "bundler"] as const

const textOf = (problem: Problem): string =>
  [problem.kind, "entrypoint" in problem ? problem.entrypoint : "", "fileName" in problem ? problem.fileName : ""]
    .filter((part) => part !== "")
    .join(" ")

/** What are-the-types-wrong says about a tarball. `require` and the resolution before Node 12 are not promised. */
export const judgeTypes = async (tarball: string, manifest: Published): Promise<ReadonlyArray<string>> => {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)))
  if (analysis.types === false) return ["are-the-types-wrong: it has no types"]
  const modules = Object.values(manifest.exports).filter((target) => typeof target === "object")
  const entrypoints = Object.values(analysis.entrypoints).filter((entry) => entry.hasTypes)
  return [
    ...(entrypoints.length === 0 || modules.length === 0 ? ["are-the-types-wrong: it found no entry point"] : []),
    ...analysis.problems
      .filter((problem) => promised.some((kind) => problemAffectsResolutionKind(problem, kind, analysis)))
      .map((problem) => `are-the-types-wrong: ${textOf(problem)}`)
  ]
}
