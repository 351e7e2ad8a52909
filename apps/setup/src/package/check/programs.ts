/** The programs that packages bring, each started as its user starts it. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { admits, majors, nodeOf, releases } from "./nodes.ts"
import { type Packed, write } from "./Project.ts"
import { run } from "./run.ts"
import { subjectText } from "./subject.ts"

/** A program that serves: what it is started with, and where it answers once it has printed this. */
interface Server {
  readonly args: ReadonlyArray<string>
  readonly env?: { readonly [name: string]: string }
  /** Finds the address to ask in what was printed. */
  readonly address: (output: string) => string | undefined
}

const servers: { readonly [program: string]: Server } = {
  "portolan-simulator": {
    args: ["--port", "0", "--json"],
    address: (output) => /"url":"([^"]+)"/.exec(output)?.[1]?.concat("/_sim/world")
  },
  "portolan-server": {
    args: [],
    env: { PORT: "0" },
    address: (output) => /API\s+(\S+)\/docs/.exec(output)?.[1]?.concat("/readyz")
  }
}

/** What programs that end by themselves are given to do. Others need an installation; they only explain themselves. */
const commands: { readonly [program: string]: ReadonlyArray<string> } = {
  "portolan-conformance": ["--subject", "./memory.subject.mjs", "--port", "token-vault", "--budget", "minimal"]
}

const patienceMillis = 90_000

const sleep = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

/** Starts a server, asks it once, and interrupts it. It has to answer with 200 and to end with 0. */
const serve = async (node: string, file: string, cwd: string, server: Server): Promise<string | undefined> => {
  const { NODE_OPTIONS: _options, ...environment } = process.env
  const child = spawn(node, [file, ...server.args], { cwd, env: { ...environment, ...server.env }, timeout: 120_000 })
  const exit = once(child, "exit")
  let output = ""
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()))
  const began = Date.now()
  while (server.address(output) === undefined && child.exitCode === null && Date.now() - began < patienceMillis) {
    await sleep(50)
  }
  const address = server.address(output)
  const answer = address === undefined ? undefined : await fetch(address).catch((error: unknown) => String(error))
  child.kill("SIGINT")
  const [code] = await exit
  if (address === undefined) return `does not start: ${output.trim()}`
  if (typeof answer === "string" || answer?.status !== 200) return `does not answer at ${address}: ${output.trim()}`
  return code === 0 ? undefined : `ends with ${code} when it is interrupted: ${output.trim()}`
}

const startsAndAnswers = async (folder: string, program: string, node: string): Promise<string | undefined> => {
  const file = join(folder, "node_modules/.bin", program)
  const help = await run(node, [file, "--help"], { cwd: folder, timeout: 60_000 })
  if (help.status !== 0) return `does not explain itself: ${help.output.trim()}`
  const server = servers[program]
  if (server !== undefined) {
    const env = { ...server.env, DATA_DIR: join(folder, `.data-${program}-${Date.now()}`) }
    return serve(node, file, folder, { ...server, env })
  }
  const command = commands[program]
  if (command === undefined) return undefined
  write(folder, "memory.subject.mjs", await subjectText())
  const done = await run(node, [file, ...command], { cwd: folder, timeout: 300_000 })
  return done.status === 0 ? undefined : `ends with ${done.status}: ${done.output.trim()}`
}

/** Runs the programs of a package on every Node that it promises. */
export const runPrograms = async (folder: string, of: Packed): Promise<ReadonlyArray<string>> => {
  const problems: Array<string> = []
  for (const program of Object.keys(of.manifest.bin ?? {})) {
    for (const major of majors.filter((one) => admits(of.manifest.engines.node, releases[one]))) {
      const problem = await startsAndAnswers(folder, program, await nodeOf(major))
      if (problem !== undefined) problems.push(`on Node ${major} ${program} ${problem}`)
    }
  }
  return problems
}
