import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import postgres from "postgres"
import { expect, inject, test } from "vitest"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

const demo = (environment: { readonly [name: string]: string }) =>
  new Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>((resolve) => {
    const { DATABASE_URL: _none, ...clean } = process.env
    const child = spawn(process.execPath, [main, "--json"], { env: { ...clean, ...environment } })
    let out = ""
    let err = ""
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()))
    // Not "exit": what was written last may still be on its way then.
    child.once("close", (code) => resolve({ code, out, err }))
  })

const run = (...args: ReadonlyArray<string>) =>
  new Promise<{ readonly code: number | null; readonly out: string }>((resolve) => {
    const child = spawn(process.execPath, [main, ...args])
    let out = ""
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()))
    child.once("close", (code) => resolve({ code, out }))
  })

const expectOk = ({ code, err, out }: Awaited<ReturnType<typeof demo>>) => {
  expect(out, `ended with ${code}: ${err.slice(-4000)}`).not.toBe("")
  const flows = out
    .trim()
    .split("\n")
    .map(
      (line) => JSON.parse(line) as { flow: string; ok: boolean; steps: ReadonlyArray<{ ok: boolean; saw: string }> }
    )
  expect(
    flows.flatMap(({ steps }) => steps.filter(({ ok }) => !ok)),
    err.slice(-2000)
  ).toEqual([])
  expect(flows.map(({ flow, ok }) => ({ flow, ok }))).toEqual(
    ["F1", "F2", "F3", "F4", "F5"].map((flow) => ({ flow, ok: true }))
  )
  expect(code).toBe(0)
}

test.concurrent(
  "all five flows run over HTTP against one fresh server on PostgreSQL",
  { timeout: 400_000 },
  async () => {
    const admin = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined })
    const name = `demo_${crypto.randomUUID().replaceAll("-", "")}`
    await admin.unsafe(`create database ${name}`)
    const url = new URL(inject("postgresUrl"))
    url.pathname = `/${name}`
    try {
      expectOk(await demo({ DATABASE_URL: url.href }))
    } finally {
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end()
    }
  }
)

test(
  "one flow runs alone, on the embedded database, and ends with the table; help says how",
  { timeout: 120_000 },
  async () => {
    const { code, out } = await run("F4")
    expect(out).toMatch(/^flow {2}steps {2}rules covered/m)
    expect(out).toMatch(/^all .* yes/m)
    expect(code).toBe(0)
    const help = await run("--help")
    expect(help.out).toContain("DATABASE_URL")
    expect(help.code).toBe(0)
  }
)

test("an unknown argument is told and ends with a failure", { timeout: 60_000 }, async () => {
  expect((await run("F9")).code).not.toBe(0)
})
