import { dataSink, mailer, repository, scheduler, tokenVault, workers } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import subjects from "../conformance.pglite.ts"

// The same statements are judged by every law on a server, beside this file. Here: what another driver could read or
// write otherwise, one caller at a time, as PGlite has one connection. `npm run conformance -- --subject pglite` runs
// all of it.
const read = new Set([
  "REPO-01",
  "REPO-13",
  "REPO-26",
  "REPO-40",
  "VAULT-01",
  "VAULT-03",
  "VAULT-05",
  "VAULT-12",
  "VAULT-17"
])
const options = {
  profile: "minimal",
  isSelected: (law: string, part: string) =>
    (part === "alone" || part === "restart") && (read.has(law) || !/^(REPO|VAULT)/.test(law))
} as const

if (subjects.tokenVault !== undefined) conformance(tokenVault, subjects.tokenVault, options)
if (subjects.repository !== undefined) conformance(repository, subjects.repository, options)
if (subjects.workers !== undefined) conformance(workers, subjects.workers, options)
if (subjects.dataSink !== undefined) conformance(dataSink, subjects.dataSink, options)
if (subjects.mailer !== undefined) conformance(mailer, subjects.mailer, options)
if (subjects.scheduler !== undefined) conformance(scheduler, subjects.scheduler, options)
