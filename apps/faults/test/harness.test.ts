/** A chaos run can fail: each thing that it counts is counted when it happens. */
import { writeFile } from "node:fs/promises"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { chaos } from "../src/chaos/chaos.ts"
import type { Subject } from "../src/chaos/Subject.ts"
import * as Child from "../src/processes/Child.ts"
import * as Proxy from "../src/processes/Proxy.ts"
import { random } from "../src/processes/random.ts"
import { brokenSubject, type Wrong } from "./support/brokenSubject.ts"

const nothing = { name: "nothing", strike: async () => undefined }

const run = async (wrong: Wrong, deaths?: Subject["deaths"]) => {
  const { close, subject } = await brokenSubject(wrong, deaths)
  try {
    const { worstRecoverySeconds: _, ...counts } = await chaos({
      subject,
      faults: [nothing],
      cuts: 2,
      chance: random(1),
      drainMillis: 1_000
    })
    return counts
  } finally {
    await close()
  }
}

const none = { cuts: 2, died: 0, lost: 0, doubled: 0, hung: 0 }

test("a subject that does everything right is found without fault", async () => {
  expect(await run("nothing")).toEqual(none)
})

test.each([
  ["loses a write", { lost: 1 }],
  ["doubles a write", { doubled: 1 }],
  ["loses an event", { lost: 1 }],
  ["tells an event twice", { doubled: 1 }]
] as const)("a subject that %s is found out", async (wrong, found) => {
  expect(await run(wrong)).toEqual({ ...none, ...found })
})

test("a process that ends by itself is counted, and one that was stopped is not", async () => {
  const folder = await mkdtemp(join(tmpdir(), "portolan-chaos-harness-"))
  const file = join(folder, "program.mjs")
  await writeFile(file, `console.log("up"); setTimeout(() => { throw new Error("over") }, Number(process.argv[2]))`)
  const program = (millis: number) => ({
    name: "program",
    command: [file, String(millis)],
    environment: {},
    readyWhen: "up"
  })
  const asked = await Child.start(program(60_000))
  const dying = await Child.start(program(50))
  await asked.stop()
  const counts = await run("nothing", async () => {
    const said = dying.death()
    return said === undefined ? [] : [said]
  })
  await rm(folder, { recursive: true, force: true })
  expect(asked.death()).toBeUndefined()
  expect(dying.death()).toContain("over")
  expect(counts.died).toBeGreaterThan(0)
})

test("a proxy passes, holds back, swallows and resets what goes through it", async () => {
  const echo = createServer((socket) => void socket.on("error", () => undefined).pipe(socket))
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve))
  const address = echo.address()
  const proxy = await Proxy.start(typeof address === "object" && address !== null ? address.port : 0)
  const { createConnection } = await import("node:net")
  const open = () =>
    new Promise<import("node:net").Socket>((resolve) => {
      const socket = createConnection({ port: proxy.port, host: "127.0.0.1" }, () => resolve(socket))
    })
  const heard = (socket: import("node:net").Socket, millis: number) =>
    new Promise<string>((resolve) => {
      setTimeout(() => resolve("silence"), millis)
      socket.once("data", (data) => resolve(String(data)))
      socket.once("error", (cause: NodeJS.ErrnoException) => resolve(cause.code ?? "error"))
    })
  const say = async (socket: import("node:net").Socket, millis = 2_000) => {
    const answer = heard(socket, millis)
    socket.write("hello")
    return await answer
  }
  const first = await open()
  expect(await say(first)).toBe("hello")
  proxy.delay(300)
  expect(await say(first, 100)).toBe("silence")
  proxy.delay(0)
  const second = await open()
  proxy.blackHole()
  expect(await say(second, 200)).toBe("silence")
  const third = await open()
  expect(await say(third)).toBe("hello")
  const reset = heard(third, 2_000)
  proxy.reset()
  expect(await reset).toBe("ECONNRESET")
  proxy.hang(true)
  const fourth = await open()
  expect(await say(fourth, 200)).toBe("silence")
  const cut = heard(fourth, 2_000)
  proxy.hang(false)
  expect(await cut).toBe("ECONNRESET")
  await proxy.close()
  await new Promise<void>((resolve) => echo.close(() => resolve()))
})
