/** Serves until it is told to stop. */
import * as Hosts from "../core/Hosts.ts"
import * as Simulator from "../core/Simulator.ts"
import * as SimulatorFile from "../core/SimulatorFile.ts"
import { listen } from "../core/listen.ts"
import * as Authority from "../tls/Authority.ts"
import { descriptionsOf, type Values } from "./options.ts"
import * as Preload from "./preload.ts"
import * as Running from "./running.ts"
import { show } from "./show.ts"

const portOf = (option: string, text: string): number => {
  const port = Number(text)
  if (text.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`${option} takes a number from 0 to 65535, not ${text}`)
  }
  return port
}

const optionsOf = (values: Values): Simulator.Options => {
  const { mode, preset, "return-url": returnUrls, seed } = values
  if (mode !== "production" && mode !== "sandbox") {
    throw new RangeError(`--mode takes production or sandbox, not ${mode}`)
  }
  return {
    preset,
    seed,
    returnUrls,
    descriptions: descriptionsOf(values),
    names: values.name,
    ...(mode === "sandbox" ? { policy: { sandboxEverywhere: true } } : {})
  }
}

const authorityOf = (values: Values, simulator: Simulator.Simulator): Authority.Authority | undefined =>
  values.tls || values.proxy
    ? Authority.open(values.data, [...Hosts.all, ...simulator.descriptions.hosts, ...values.name])
    : undefined

/** Stops in order when the process is asked to end, at once when it is asked again. */
const stopOnSignal = (stop: () => Promise<void>): void => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(130))
      stop().then(
        () => process.exit(),
        (error: unknown) => {
          console.error(error instanceof Error ? error.message : error)
          process.exit(1)
        }
      )
    })
  }
}

/** Starts the servers, tells where they are, and stops them when the process is asked to end. */
export const serve = async (values: Values): Promise<void> => {
  const ports = { port: portOf("--port", values.port), tlsPort: portOf("--tls-port", values["tls-port"]) }
  const options = optionsOf(values)
  const file = values.state === undefined ? undefined : await SimulatorFile.open(values.state, options)
  const simulator = file?.simulator ?? Simulator.make(options)
  if (values.mode === "sandbox") simulator.act({ kind: "policy", policy: { sandboxEverywhere: true } })
  const authority = authorityOf(values, simulator)
  const server = await listen(simulator, {
    ...ports,
    host: values.host,
    proxy: values.proxy,
    ...(authority === undefined ? {} : { authority })
  })
  const running: Running.Running = {
    pid: process.pid,
    url: server.url,
    tlsUrl: server.tlsUrl,
    proxyUrl: values.proxy ? server.url : null,
    certificate: authority?.files.pem ?? null,
    trustStore: authority?.files.trustStore ?? null,
    preload:
      server.tlsUrl === null
        ? null
        : Preload.write(
            values.data,
            [...Hosts.all, ...simulator.descriptions.hosts],
            Number(new URL(server.tlsUrl).port)
          )
  }
  Running.write(values.data, running)
  if (file?.restored === true && !values.json) console.log(`Going on with the world kept in ${values.state}.`)
  show(simulator, running, values.json)
  stopOnSignal(async () => {
    Running.remove(values.data)
    await server.close()
    await file?.close()
  })
}
