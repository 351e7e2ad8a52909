import {
  dataSink,
  mailer,
  notifier,
  providerApi,
  repository,
  scheduler,
  secrets,
  tokenVault,
  workers
} from "@portolan/conformance"
import { conformance } from "@portolan/conformance/vitest"
import subjects from "../conformance.ts"

if (subjects.tokenVault !== undefined) conformance(tokenVault, subjects.tokenVault, { profile: "smoke" })
if (subjects.repository !== undefined) conformance(repository, subjects.repository, { profile: "smoke" })
if (subjects.workers !== undefined) conformance(workers, subjects.workers, { profile: "smoke" })
if (subjects.secrets !== undefined) conformance(secrets, subjects.secrets, { profile: "smoke" })
if (subjects.dataSink !== undefined) conformance(dataSink, subjects.dataSink, { profile: "smoke" })
if (subjects.mailer !== undefined) conformance(mailer, subjects.mailer, { profile: "smoke" })
if (subjects.notifier !== undefined) conformance(notifier, subjects.notifier, { profile: "smoke" })
if (subjects.scheduler !== undefined) conformance(scheduler, subjects.scheduler, { profile: "smoke" })
if (subjects.providerApi !== undefined) conformance(providerApi, subjects.providerApi, { profile: "smoke" })
