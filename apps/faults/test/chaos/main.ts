/**
 * `npm run chaos`: cuts a server and a worker off from their database under load, and counts what that did.
 * `--cuts N` (200), `--seed N`, `--json` for programs. Ends with 1 when anything died, hung, or was lost or doubled.
 */
import { parseArgs } from "node:util"
import { chaos } from "../../src/chaos/chaos.ts"
import { faults } from "../../src/chaos/faults.ts"
import { random } from "../../src/processes/random.ts"
import { realSubject } from "./realSubject.ts"

const { values } = parseArgs({
  options: {
    cuts: { type: "string", default: "200" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
    json: { type: "boolean", default: false },
    only: { type: "string" }
  }
})
const cuts = Number(values.cuts)
if (!Number.isSafeInteger(cuts) || cuts < 1) {
  process.stderr.write("--cuts takes a whole number of 1 or more.\n")
  process.exit(2)
}
const chance = random(Number(values.seed))
const say = (line: string) => process.stderr.write(`${line}\n`)
say(`seed ${values.seed}`)
const { close, database, proxy, subject } = await realSubject()
try {
  const all = faults(database, proxy, chance)
  const chosen = values.only === undefined ? all : all.filter(({ name }) => name === values.only)
  const report = await chaos({ subject, cuts, chance, say, faults: chosen })
  const { cuts: _cuts, worstRecoverySeconds: _worst, ...counts } = report
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${JSON.stringify(report, undefined, 2)}\n`)
  if (Object.values(counts).some((count) => count > 0)) process.exitCode = 1
} finally {
  await close()
}
