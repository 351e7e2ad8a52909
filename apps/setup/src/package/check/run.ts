/** Programs that the check starts: each ends with its output and its status, or with a sentence about what failed. */
import { spawn } from "node:child_process"

/** How a program ended. */
export interface Ended {
  readonly status: number
  /** Standard output and error output, as they came. */
  readonly output: string
}

/** Where and how a program runs. */
export interface RunOptions {
  readonly cwd: string
  readonly env?: { readonly [name: string]: string }
  /** Milliseconds after which it is stopped. */
  readonly timeout?: number
}

/** Runs a program to its end. */
export const run = (command: string, args: ReadonlyArray<string>, { cwd, env, timeout }: RunOptions): Promise<Ended> =>
  new Promise((resolve) => {
    const { VITEST: _inside, NODE_OPTIONS: _options, ...environment } = process.env
    const child = spawn(command, [...args], {
      cwd,
      env: { ...environment, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeout ?? 600_000
    })
    const output: Array<string> = []
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk.toString()))
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()))
    child.once("error", (error) => resolve({ status: 1, output: error.message }))
    child.once("close", (code, signal) =>
      resolve({ status: code ?? 1, output: output.join("") + (signal === null ? "" : `stopped by ${signal}\n`) })
    )
  })

/** Runs a program that has to succeed. Rejects with what it printed. */
export const succeed = async (command: string, args: ReadonlyArray<string>, options: RunOptions): Promise<string> => {
  const { output, status } = await run(command, args, options)
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${lastLines(output, 40)}`)
  return output
}

/** The end of a long output. */
export const lastLines = (text: string, count: number): string => text.trimEnd().split("\n").slice(-count).join("\n")
