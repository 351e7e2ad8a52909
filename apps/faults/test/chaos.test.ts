/** The short form of `npm run chaos`: every kind of fault, from a fixed seed. */
import { afterAll, beforeAll, expect, test } from "vitest"
import { chaos } from "../src/chaos/chaos.ts"
import { faults } from "../src/chaos/faults.ts"
import { random } from "../src/processes/random.ts"
import { realSubject } from "./chaos/realSubject.ts"

let real: Awaited<ReturnType<typeof realSubject>>
beforeAll(async () => {
  real = await realSubject()
}, 120_000)
afterAll(() => real.close(), 60_000)

test(
  "a server and a worker outlive twelve losses of their database, and lose and double nothing",
  { timeout: 300_000 },
  async () => {
    const chance = random(9)
    const lines: Array<string> = []
    const report = await chaos({
      subject: real.subject,
      faults: faults(real.database, real.proxy, chance),
      cuts: 12,
      chance,
      say: (line) => void lines.push(line)
    })
    const { worstRecoverySeconds: _, ...counts } = report
    expect(counts, lines.join("\n")).toEqual({ cuts: 12, died: 0, lost: 0, doubled: 0, hung: 0 })
  }
)
