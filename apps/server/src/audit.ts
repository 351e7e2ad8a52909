#!/usr/bin/env node
/** `npm run audit`. Ends with 0 when nothing was altered. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect } from "effect"
import * as Audit from "./auditCommand.ts"
import { explainFailure, teardown } from "./explainFailure.ts"
import * as Settings from "./Settings.ts"

const command = Effect.gen(function* () {
  const options = yield* Effect.fromResult(Audit.parse(process.argv.slice(2)))
  const settings = yield* Effect.fromResult(Settings.decode(process.env))
  const isWell = yield* Audit.run(settings, options, { line: (text) => void process.stdout.write(`${text}\n`) })
  process.exitCode = isWell ? 0 : 1
}).pipe(Effect.scoped)

if (process.argv.includes("--help") || process.argv.includes("-h")) process.stdout.write(`${Audit.usage}\n`)
else NodeRuntime.runMain(explainFailure(command), { disableErrorReporting: true, teardown })
