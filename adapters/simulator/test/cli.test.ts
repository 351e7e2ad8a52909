import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"

const main = fileURLToPath(new URL("../src/cli.ts", import.meta.url))

const start = (...args: ReadonlyArray<string>) => {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] })
  const out: Array<string> = []
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk.toString()))
  child.stderr.on("data", (chunk: Buffer) => out.push(chunk.toString()))
  return { child, exit: once(child, "exit") as Promise<[number | null, string | null]>, out: () => out.join("") }
}

describe("the stand-alone simulator", () => {
  test("prints what a client needs, serves, and stops cleanly when interrupted", async () => {
    const { child, exit, out } = start(
      "--port",
      "0",
      "--preset",
      "seller-us-ready",
      "--seed",
      "7",
      "--return-url",
      "http://127.0.0.1:9/callback",
      "--json"
    )
    await once(child.stdout, "data")
    const printed = JSON.parse(out()) as {
      url: string
      clientId: string
      addresses: { ads: { NA: string } }
      returnUrls: ReadonlyArray<string>
      people: ReadonlyArray<{ id: string }>
      walmart: { partner: { privateKey: string } }
    }
    expect(printed.walmart.partner.privateKey).toContain("PRIVATE KEY")
    expect(printed.people.map((person) => person.id)).toEqual(["ada"])
    expect(printed.returnUrls).toContain("http://127.0.0.1:9/callback")
    expect((await fetch(`${printed.addresses.ads.NA}/v2/profiles`)).status).toBe(401)
    const world = (await (await fetch(`${printed.url}/_sim/world`)).json()) as { seed: string }
    expect(world.seed).toBe("7")
    child.kill("SIGINT")
    expect(await exit).toEqual([0, null])
  })

  test("explains itself, and what is wrong with an option", async () => {
    const help = start("--help")
    expect(await help.exit).toEqual([0, null])
    expect(help.out()).toContain("seller-eu-five")
    const wrong = start("--preset", "nowhere", "--port", "0")
    expect((await wrong.exit)[0]).toBe(2)
    expect(wrong.out()).toContain("there is no preset nowhere")
  })
})
