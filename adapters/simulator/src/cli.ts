#!/usr/bin/env node
/** The provider simulator on its own: prints what a client needs, serves until it is told to stop. */
import { catalogue } from "./cli/catalogue.ts"
import { check } from "./cli/check.ts"
import { client } from "./cli/client.ts"
import { env } from "./cli/env.ts"
import { help, read } from "./cli/options.ts"
import { parity } from "./cli/parity.ts"
import { serve } from "./cli/serve.ts"

const run = async (): Promise<void> => {
  const { positionals, values } = read()
  const [command = "serve", ...rest] = positionals
  if (values.help) {
    console.log(help)
    return undefined
  }
  if (rest.length > 0) throw new RangeError(`one command at a time, not ${positionals.join(" ")}`)
  if (values.check) return check(values.json)
  if (command === "serve") return serve(values)
  if (command === "catalogue") return catalogue(values)
  if (command === "parity") return parity(values)
  if (command === "env") return env(values)
  if (command === "client") return client(values)
  throw new RangeError(`there is no command ${command}; there are serve, parity, catalogue, client and env`)
}

/** Says what went wrong, in words of the command line where the system speaks in codes. */
const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if ("code" in error && error.code === "EADDRINUSE" && "port" in error) {
    return (
      `port ${String(error.port)} is taken by another program: stop it, or choose ` +
      "another one with --port or --tls-port"
    )
  }
  return error.message
}

run().catch((error: unknown) => {
  console.error(`${messageOf(error)}\nTry --help.`)
  process.exitCode = 2
})
