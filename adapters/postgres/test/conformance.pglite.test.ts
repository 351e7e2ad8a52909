import { repository, tokenVault, workers } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import subjects from "../conformance.pglite.ts"

// A few cases with every test run, and no races: PGlite has one connection, and the same statements race on a server
// beside this file. Of the repository, what another driver could read or write otherwise. `npm run conformance --
// --subject pglite` runs all of it.
const read = new Set([
  "REPO-01",
  "REPO-02",
  "REPO-06",
  "REPO-13",
  "REPO-17",
  "REPO-19",
  "REPO-26",
  "REPO-40",
  "REPO-42"
])
const options = {
  profile: "minimal",
  isSelected: (law: string, part: string) => part !== "race" && (!law.startsWith("REPO") || read.has(law))
} as const

if (subjects.tokenVault !== undefined) conformance(tokenVault, subjects.tokenVault, options)
if (subjects.repository !== undefined) conformance(repository, subjects.repository, options)
if (subjects.workers !== undefined) conformance(workers, subjects.workers, options)
