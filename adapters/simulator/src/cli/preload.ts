/**
 * Leads the agents of Node.js that know nothing of proxies to the simulator: some clients make agents of their own, or
 * none. The file lies in the data folder and is loaded by `NODE_OPTIONS`; it works with any version of Node.js.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"

/** The file: connections to simulated hosts end at the TLS port here, all others are left alone. */
const source = (hosts: ReadonlyArray<string>, port: number): string => `"use strict"
// Written by portolan-simulator. Connections to these hosts end at the simulator on this machine.
const https = require("node:https")
const hosts = new Set(${JSON.stringify(hosts)})
const connect = https.Agent.prototype.createConnection
https.Agent.prototype.createConnection = function (options, ...rest) {
  const host = options && (options.servername || options.host || options.hostname)
  const isMeant = hosts.has(host) && Number(options.port || 443) === 443
  const led = { ...options, host: "127.0.0.1", hostname: "127.0.0.1", port: ${port}, servername: host }
  return connect.call(this, isMeant ? led : options, ...rest)
}
`

const fileOf = (folder: string): string => resolve(join(folder, "route.cjs"))

/** Writes the file for these hosts and the TLS port; gives its place. */
export const write = (folder: string, hosts: ReadonlyArray<string>, port: number): string => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(fileOf(folder), source(hosts, port))
  return fileOf(folder)
}

/** What `NODE_OPTIONS` has to hold beside what it holds already. */
export const option = (file: string, held: string | undefined): string => {
  const own = `--require="${file.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`
  if (held === undefined || held.trim() === "") return own
  return held.includes(own) ? held : `${held} ${own}`
}
