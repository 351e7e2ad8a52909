/**
 * The style as a ratchet: what is over a limit is a finding; a finding stands only while the list of exceptions has it,
 * and the list may only shrink. Circles, provider literals and docstrings have no exceptions.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { circles } from "./circles.ts"
import { undocumented } from "./docstrings.ts"
import { type Finding, type Measure, measure } from "./measures.ts"
import { knownIds, unresolved } from "./references.ts"
import { retiredNames } from "./retired.ts"
import { readTree, root, type SourceFile } from "./tree.ts"

/** Measures whose places may be listed as exceptions, with how many may be at most. The numbers go down, never up. */
export const ceilings = {
  columns: 0,
  files: 10,
  functions: 10,
  parameters: 19,
  unresolved: 4,
  ternaries: 1,
  names: 36
} as const satisfies {
  readonly [M in Measure]?: number
}

type Listed = keyof typeof ceilings

/** Exceptions: for each measure, `file: what` and how often. */
export type Exceptions = { readonly [M in Listed]: { readonly [place: string]: number } }

const listPath = join(root, "apps/setup/src/tidy/exceptions.json")

/** The list as it is committed. */
export const exceptions = (): Exceptions => JSON.parse(readFileSync(listPath, "utf8"))

/** Every finding of a tree. */
export const findings = (files: ReadonlyArray<SourceFile> = readTree()): ReadonlyArray<Finding> => {
  const known = knownIds(files)
  return [
    ...files.flatMap(measure),
    ...files.flatMap(retiredNames),
    ...files.flatMap(undocumented),
    ...files.flatMap((file) => unresolved(file, known)),
    ...circles(files)
  ]
}

const isListed = (measure: Measure): measure is Listed => Object.hasOwn(ceilings, measure)

/** How a finding is named in the list. A file is named alone, since its length changes with every edit. */
const placeOf = ({ file, measure, what }: Finding): string =>
  measure === "files" || measure === "ternaries" ? file : `${file}: ${what}`

/** The list that would allow what is found. */
export const listOf = (found: ReadonlyArray<Finding>): Exceptions => {
  const list: { [M in Listed]: { [place: string]: number } } = {
    columns: {},
    files: {},
    functions: {},
    parameters: {},
    unresolved: {},
    ternaries: {},
    names: {}
  }
  for (const finding of found) {
    if (!isListed(finding.measure)) continue
    const places = list[finding.measure]
    places[placeOf(finding)] = (places[placeOf(finding)] ?? 0) + 1
  }
  return list
}

const countOf = (places: { readonly [place: string]: number }): number =>
  Object.values(places).reduce((sum, count) => sum + count, 0)

/** The figures that `npm run tidy -- --json` prints. */
export const figures = (found: ReadonlyArray<Finding>, list: Exceptions) => {
  const count = (measure: Measure) => found.filter((one) => one.measure === measure).length
  return {
    columns: count("columns"),
    files: count("files"),
    functions: count("functions"),
    parameters: count("parameters"),
    circles: count("circles"),
    unresolved: count("unresolved"),
    ternaries: count("ternaries"),
    providerLiterals: count("providerLiterals"),
    docstrings: count("docstrings"),
    names: count("names"),
    exceptions: Object.values(list).reduce((sum, places) => sum + countOf(places), 0)
  }
}

/** What is wrong with a tree, in sentences: new findings, exceptions that are no longer needed, a list that grew. */
export const wrong = (found: ReadonlyArray<Finding>, list: Exceptions): ReadonlyArray<string> => {
  const now = listOf(found)
  const places = (Object.keys(ceilings) as ReadonlyArray<Listed>).flatMap((measure) =>
    [...new Set([...Object.keys(now[measure]), ...Object.keys(list[measure])])].map((place) => ({
      measure,
      place,
      found: now[measure][place] ?? 0,
      allowed: list[measure][place] ?? 0
    }))
  )
  return [
    ...found
      .filter((one) => !isListed(one.measure))
      .map(({ file, line, measure, what }) => `${file}:${line} ${measure}: ${what}`),
    ...places.filter((one) => one.found > one.allowed).map((one) => `${one.place} is over the limit of ${one.measure}`),
    ...places
      .filter((one) => one.found < one.allowed)
      .map((one) => `${one.place} needs no exception of ${one.measure} any more: run npm run tidy -- --shrink`),
    ...(Object.keys(ceilings) as ReadonlyArray<Listed>)
      .filter((measure) => countOf(list[measure]) > ceilings[measure])
      .map(
        (measure) =>
          `the list of ${measure} has ${countOf(list[measure])} entries, and at most ${ceilings[measure]} may be`
      )
  ]
}

/** Takes out of the list what is no longer found. Nothing is ever added. */
export const shrink = (found: ReadonlyArray<Finding>, list: Exceptions): Exceptions => {
  const now = listOf(found)
  const kept = (measure: Listed) =>
    Object.fromEntries(
      Object.entries(list[measure]).flatMap(([place, allowed]) => {
        const count = Math.min(allowed, now[measure][place] ?? 0)
        return count > 0 ? [[place, count]] : []
      })
    )
  return {
    columns: kept("columns"),
    files: kept("files"),
    functions: kept("functions"),
    parameters: kept("parameters"),
    unresolved: kept("unresolved"),
    ternaries: kept("ternaries"),
    names: kept("names")
  }
}

/** Writes the list. */
export const write = (list: Exceptions): void => writeFileSync(listPath, `${JSON.stringify(list, null, 2)}\n`)
