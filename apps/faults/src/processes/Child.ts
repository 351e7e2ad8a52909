/** A program of this repository in a process of its own. */
import { spawn } from "node:child_process"

/** A running program. */
export interface Child {
  readonly name: string
  /** Whether it ended without having been asked to; with what it said last. */
  readonly death: () => string | undefined
  /** Asks it to end, and waits until it did. */
  readonly stop: () => Promise<void>
  /** Ends it without a word. */
  readonly kill: () => Promise<void>
}

/** What starts a program. */
export interface Program {
  readonly name: string
  /** The file, and its arguments. */
  readonly command: ReadonlyArray<string>
  readonly environment: { readonly [name: string]: string }
  /** Part of its output that says that it is up. */
  readonly readyWhen: string
}

const readyMillis = 120_000

/** Starts a program with this Node, and waits until it says that it is up. Gives what it has said, too. */
export const start = async ({
  command,
  environment,
  name,
  readyWhen
}: Program): Promise<Child & { output: string }> => {
  const child = spawn(process.execPath, [...command], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let said = ""
  let isAsked = false
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  const ready = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${name} did not start: ${said.slice(-2_000)}`)), readyMillis)
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000)
      if (!said.includes(readyWhen)) return
      clearTimeout(late)
      resolve()
    }
    child.stdout.on("data", hear)
    child.stderr.on("data", hear)
    child.once("exit", (code) => {
      clearTimeout(late)
      reject(new Error(`${name} ended with ${code}: ${said.slice(-2_000)}`))
    })
  })
  const end = async (signal: NodeJS.Signals) => {
    isAsked = true
    child.kill(signal)
    await gone
  }
  await ready
  const output = said
  return {
    name,
    output,
    death: () => (!isAsked && (child.exitCode !== null || child.signalCode !== null) ? said.slice(-2_000) : undefined),
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL")
  }
}
