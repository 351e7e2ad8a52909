import { dataSink, mailer, repository, scheduler, tokenVault, workers } from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import subjects from "../conformance.postgres.ts"

// A few cases of each law with every test run; `npm run conformance` goes deeper.
const options = { profile: "minimal" } as const

if (subjects.tokenVault !== undefined) conformance(tokenVault, subjects.tokenVault, options)
if (subjects.repository !== undefined) conformance(repository, subjects.repository, options)
if (subjects.workers !== undefined) conformance(workers, subjects.workers, options)
if (subjects.dataSink !== undefined) conformance(dataSink, subjects.dataSink, options)
if (subjects.mailer !== undefined) conformance(mailer, subjects.mailer, options)
if (subjects.scheduler !== undefined) conformance(scheduler, subjects.scheduler, options)
