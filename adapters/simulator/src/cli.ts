#!/usr/bin/env node
/** The provider simulator on its own: prints what a client needs, serves until it is told to stop. */
import { parseArgs } from "node:util"
import { addresses, listen, presets, Simulator, SimulatorFile } from "./index.ts"

const help = `Provider simulator

  portolan-simulator [options]     (in the repository: npm run simulator -- [options])

  --port N            port on 127.0.0.1 (4010; 0 takes a free one)
  --preset ID         the situation to begin with (demo)
  --seed TEXT         fixes every name, id and token (1)
  --return-url URL    allow this return address; may be given several times
  --state FILE        keep the world in this file and go on from it
  --json              print what a client needs as one line of JSON
  --help              this text

Presets
${presets.all.map((preset) => `  ${preset.id.padEnd(26)}${preset.title}`).join("\n")}
`

const options = () =>
  parseArgs({
    options: {
      port: { type: "string", default: "4010" },
      preset: { type: "string", default: "demo" },
      seed: { type: "string", default: "1" },
      "return-url": { type: "string", multiple: true, default: [] },
      state: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false }
    }
  }).values

const print = (simulator: Simulator.Simulator, url: string, asJson: boolean): void => {
  const where = addresses(url)
  const { clientId, clientSecret, spApplicationId, returnUrls } = simulator.application()
  const { privateKey, ...partner } = simulator.walmartPartner()
  const shop = simulator.walmartApplication()
  const people = Object.values(simulator.world().people).map(({ id, name, role }) => ({ id, name, role }))
  if (asJson) {
    const { loginPage, login, ads, sellingPartner, walmart, walmartConnect, walmartConsole, walmartLogin } = where
    console.log(
      JSON.stringify({
        url,
        addresses: { loginPage, login, ads, sellingPartner, walmart, walmartConnect, walmartConsole, walmartLogin },
        clientId,
        clientSecret,
        spApplicationId,
        returnUrls,
        people,
        walmart: {
          partner: { ...partner, privateKey },
          application: { clientId: shop.clientId, clientSecret: shop.clientSecret, redirectUris: shop.redirectUris }
        }
      })
    )
    return
  }
  const { seed, preset } = simulator.world()
  console.log(`Provider simulator at ${url} (preset ${preset}, seed ${seed})

A client maps https://HOST/path to ${url}/HOST/path:
  consent (EU)          ${where.loginPage.EU}/ap/oa
  token                 ${where.login.NA}/auth/o2/token
  Ads API (EU)          ${where.ads.EU}
  Selling Partner (EU)  ${where.sellingPartner.EU}
  Seller Central (EU)   ${where.map("https://sellercentral-europe.amazon.com/apps/authorize/consent")}
  Walmart login         ${where.walmartLogin}/authorize
  Walmart Marketplace   ${where.walmart}
  Walmart Connect       ${where.walmartConnect}
  Walmart ad console    ${where.walmartConsole}/

Amazon application
  client id             ${clientId}
  client secret         ${clientSecret}   (simulated, good for nothing else)
  application id        ${spApplicationId ?? "none"}
  return addresses      ${returnUrls.join(" ")}

Walmart Marketplace application
  client id             ${shop.clientId}
  client secret         ${shop.clientSecret}

Walmart Connect partner
  consumer id           ${partner.consumerId}
  auth token            ${partner.authToken}
  key version           ${partner.keyVersion}   (its private test key is in --json and under /_sim/world)

People
${people.map((person) => `  ${person.id.padEnd(10)} ${person.name}: ${person.role}`).join("\n")}

Control: ${url}/_sim/world, ${url}/_sim/journal. Stop with Ctrl+C.`)
}

const run = async (): Promise<void> => {
  const { port, preset, seed, state, json, help: asksHelp, "return-url": returnUrls } = options()
  if (asksHelp) {
    console.log(help)
    return
  }
  const number = Number(port)
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new RangeError(`--port takes a number from 0 to 65535, not ${port}`)
  }
  const file = state === undefined ? undefined : await SimulatorFile.open(state, { preset, seed, returnUrls })
  const simulator = file?.simulator ?? Simulator.make({ preset, seed, returnUrls })
  const server = await listen(simulator, { port: number })
  if (file?.restored === true && !json) console.log(`Going on with the world kept in ${state}.`)
  print(simulator, server.url, json)
  const stop = async () => {
    await server.close()
    await file?.close()
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      stop().catch((error: unknown) => {
        console.error(error instanceof Error ? error.message : error)
        process.exitCode = 1
      })
    })
  }
}

/** Says what went wrong, in words of the command line where the system speaks in codes. */
const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if ("code" in error && error.code === "EADDRINUSE" && "port" in error) {
    return (
      `port ${String(error.port)} on 127.0.0.1 is taken by another program: stop it, or choose ` +
      "another one with --port"
    )
  }
  return error.message
}

run().catch((error: unknown) => {
  console.error(`${messageOf(error)}\nTry --help.`)
  process.exitCode = 2
})
