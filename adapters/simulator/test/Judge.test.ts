import { spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import * as Driver from "../src/judge/Driver.ts"
import { judge, type Judgement } from "../src/judge/judge.ts"
import * as Reports from "../src/judge/reports.ts"
import { rules, unjudged } from "../src/judge/rules.ts"
import { client, flaws } from "./exampleClient.ts"

const failed = ({ verdicts }: Judgement) => verdicts.filter((one) => one.verdict === "fail").map((one) => one.id)

describe("the judge", () => {
  test("passes a client that keeps the rules", { timeout: 60_000 }, async () => {
    const found = await judge(client())
    expect(failed(found)).toEqual([])
    expect([found.passed, found.failed, found.notVerified]).toEqual([rules.length, 0, Object.keys(unjudged).length])
  })

  test.each(flaws)("fails a client that breaks %s by this rule and by no other", { timeout: 60_000 }, async (flaw) => {
    expect(failed(await judge(client(flaw)))).toEqual([flaw])
  })

  test("has a known-bad client for every rule, and says of every rule what came of it", async () => {
    expect(rules.map(({ id }) => id).toSorted()).toEqual([...flaws])
    const all = [...rules.map(({ id }) => id), ...Object.keys(unjudged)].toSorted()
    expect(all).toEqual(Array.from({ length: 26 }, (_, index) => `CLIENT-${String(index + 1).padStart(2, "0")}`))
  })

  test(
    "verifies nothing of a client whose clock stands still, where time has to pass",
    { timeout: 60_000 },
    async () => {
      const { time: _, ...still } = client()
      const found = await judge(still)
      const late = found.verdicts.find((one) => one.id === "CLIENT-04")
      expect([failed(found), late?.verdict, late?.why]).toEqual([
        [],
        "not verified",
        "the client's clock cannot be moved: it has no time"
      ])
    }
  )

  test("does not judge a driver that is broken", async () => {
    const odd = Driver.of({ ...client(), work: async () => ({ status: "splendid" }) } as Parameters<
      typeof Driver.of
    >[0])
    await expect(judge(odd)).rejects.toThrow(/the driver answers work with/)
    expect(() => Driver.of({})).toThrow(/needs reset, begin, callback and work/)
    await expect(Driver.open("http://127.0.0.1:9")).rejects.toThrow(/no driver answers at/)
  })
})

describe("over HTTP", () => {
  const driver = client() as unknown as Record<string, (order: unknown) => Promise<unknown>>
  let server: Server
  let url = ""
  const folder = mkdtempSync(join(tmpdir(), "portolan-judge-"))

  beforeAll(async () => {
    server = createServer((request, response) => {
      const run = driver[(request.url ?? "").slice(1)]
      let text = ""
      request.on("data", (chunk: Buffer) => (text += chunk.toString()))
      request.on("end", () => {
        if (run === undefined) return response.writeHead(404).end()
        if (request.method === "OPTIONS") return response.writeHead(204).end()
        void run(JSON.parse(text)).then((answer) =>
          response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer))
        )
        return undefined
      })
    }).listen(0, "127.0.0.1")
    await once(server, "listening")
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test("the same client is judged the same", { timeout: 60_000 }, async () => {
    const found = await judge(await Driver.open(url))
    expect([failed(found), found.passed]).toEqual([[], rules.length])
    Reports.write(folder, found)
    expect(JSON.parse(readFileSync(join(folder, "client.json"), "utf8"))).toEqual(found)
    const junit = readFileSync(join(folder, "client.junit.xml"), "utf8")
    expect([junit.match(/<testcase /g)?.length, junit.match(/<skipped /g)?.length]).toEqual([26, found.notVerified])
    const page = readFileSync(join(folder, "client.html"), "utf8")
    expect(page).not.toMatch(/https?:\/\//)
    expect(page.match(/<tr class="pass">/g)).toHaveLength(found.passed)
  })

  test("the command line says what it needs", () => {
    const main = fileURLToPath(new URL("../src/cli.ts", import.meta.url))
    const run = (...args: ReadonlyArray<string>) =>
      spawnSync(process.execPath, [main, "client", ...args], { encoding: "utf8" })
    expect(run().stderr).toContain("give --driver URL")
    expect(run("--driver", "http://127.0.0.1:9").stderr).toContain("no driver answers")
  })
})
