/**
 * `npm run faults -- --only identity`: plays what attackers and accidents do, and prints what came of it. `--json`
 * prints one line for programs; `--interleavings N` asks for another number than 1,000.
 */
import { parseArgs } from "node:util"
import { Effect, Logger } from "effect"
import { run } from "./identity/run.ts"

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "identity" },
    json: { type: "boolean", default: false },
    interleavings: { type: "string", default: "1000" }
  }
})

const interleavings = Number(values.interleavings)

if (values.only !== "identity" || !Number.isSafeInteger(interleavings) || interleavings < 1) {
  console.error("Ask for `--only identity`, with `--interleavings` and a whole number from 1 if you want another one.")
  process.exitCode = 2
} else {
  const report = (seed: number, wrong: ReadonlyArray<string>) => console.error(`seed ${seed}: ${wrong.join("\n  ")}`)
  const quiet = Logger.layer([])
  const found = await Effect.runPromise(Effect.provide(run({ interleavings, report }), quiet))
  console.log(values.json ? JSON.stringify(found) : found)
  if (found.bound + found.blocked + found.leaked > 0) process.exitCode = 1
}
