#!/usr/bin/env node
/** `npm run secrets`. Ends with 0 when all is well. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect } from "effect"
import { explainFailure, teardown } from "./explainFailure.ts"
import * as Secrets from "./secretsCommand.ts"
import * as Settings from "./Settings.ts"

const command = Effect.gen(function* () {
  const options = yield* Effect.fromResult(Secrets.parse(process.argv.slice(2)))
  const settings = yield* Effect.fromResult(Settings.decode(process.env))
  const isWell = yield* Secrets.run(settings, options, {
    line: (text) => void process.stdout.write(`${text}\n`),
    input: Secrets.readInput
  })
  process.exitCode = isWell ? 0 : 1
}).pipe(Effect.scoped)

if (process.argv.includes("--help") || process.argv.includes("-h")) process.stdout.write(`${Secrets.usage}\n`)
else NodeRuntime.runMain(explainFailure(command), { disableErrorReporting: true, teardown })
