/**
 * `npm run keys`: the command of an installation, and `keys -- drill [--secrets N] [--json]`, which changes the master
 * key of a database of its own under readers and kills the processes that seal anew.
 */
import { parseArgs } from "node:util"
import { Effect } from "effect"
import * as Embedded from "../../../../adapters/postgres/test/support/embedded.ts"
import { drill } from "./drill.ts"

if (process.argv[2] === "drill") {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { secrets: { type: "string", default: "100000" }, json: { type: "boolean", default: false } }
  })
  const secrets = Number(values.secrets)
  if (!Number.isSafeInteger(secrets) || secrets < 1) {
    process.stderr.write("--secrets takes a whole number of 1 or more.\n")
    process.exit(2)
  }
  const { stop, url } = await Embedded.start()
  try {
    const say = (line: string) => void process.stderr.write(`${line}\n`)
    const report = await Effect.runPromise(Effect.scoped(drill({ databaseUrl: url, secrets, say })))
    process.stdout.write(`${JSON.stringify(report, undefined, values.json ? undefined : 2)}\n`)
    if (report.failedReads > 0 || report.rewrapped !== secrets) process.exitCode = 1
  } finally {
    await stop()
  }
} else {
  await import("../../../server/src/keys.ts")
}
