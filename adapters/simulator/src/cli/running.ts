/** Where a running simulator says where it is, for commands that come later. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Schema } from "effect"

const Running = Schema.Struct({
  pid: Schema.Int,
  url: Schema.String,
  tlsUrl: Schema.NullOr(Schema.String),
  proxyUrl: Schema.NullOr(Schema.String),
  certificate: Schema.NullOr(Schema.String),
  trustStore: Schema.NullOr(Schema.String),
  preload: Schema.NullOr(Schema.String)
})

/** A running simulator: its process, its addresses, and the files that make a client trust it. */
export type Running = typeof Running.Type

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Running))

const fileOf = (folder: string): string => join(folder, "running.json")

/** Says where this process listens. */
export const write = (folder: string, running: Running): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(fileOf(folder), `${JSON.stringify(running, undefined, 2)}\n`)
}

/** Takes it back, unless another process has written there since. */
export const remove = (folder: string): void => {
  if (read(folder)?.pid === process.pid) rmSync(fileOf(folder), { force: true })
}

/** What was written last; undefined when there is nothing that can be read. */
export const read = (folder: string): Running | undefined => {
  try {
    return decode(readFileSync(fileOf(folder), "utf8"))
  } catch {
    return undefined
  }
}
