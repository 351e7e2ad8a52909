/** The words of the command line. */
import { parseArgs } from "node:util"
import { all } from "../presets/index.ts"
import * as Descriptions from "../describe/Descriptions.ts"

/** What `--help` prints. */
export const help = `Provider simulator

  portolan-simulator [options]            serve (in the repository: npm run simulator -- [options])
  portolan-simulator parity [options]     compare with descriptions, and end with 1 where something is not alike
  portolan-simulator --check              play the rules, and simulators that break one each; ends with 1 where one
                                          fails or is not caught
  portolan-simulator catalogue [--assumed]
                                          rules, presets, faults and operations; or the rules that nobody confirms
  portolan-simulator client --driver URL  judge an application: does it keep the rules of a good client? A module's path
                                          does too; --report DIR writes JSON, JUnit and a page
  portolan-simulator env [--data DIR]     the environment in which clients reach a running simulator by the real
                                          addresses: eval "$(npx portolan-simulator env)"

  --port N             port of plain HTTP (4010; 0 takes a free one)
  --host ADDRESS       address to listen on (127.0.0.1)
  --name HOST          a name of this machine under which control answers too; may be given several times
  --tls                HTTPS too, with a certificate for every simulated host
  --tls-port N         its port (4443; 0 takes a free one)
  --proxy              plain HTTP is also a proxy to the simulated hosts, and to no others; brings --tls
  --data DIR           where the certificate authority lies, and where a running simulator says where it is
                       (.data/simulator)
  --preset ID          the situation to begin with (demo)
  --seed TEXT          fixes every name, id and token (1)
  --return-url URL     allow this return address; may be given several times
  --state FILE         keep the world in this file and go on from it
  --models DIR         Amazon's descriptions of the Selling Partner API, such as a clone of
                       https://github.com/amzn/selling-partner-api-models; may be given several times
  --describe NAME=FILE a description, Swagger 2.0 or OpenAPI 3, of ${Descriptions.families.join(", ")},
                       or of a host; may be given several times
  --mode MODE          production, or sandbox: every Selling Partner host answers like Amazon's sandbox
  --json               print what a client needs, or the counts of parity, as one line of JSON
  --help               this text

Presets
${all.map((preset) => `  ${preset.id.padEnd(26)}${preset.title}`).join("\n")}
`

/** What was asked for. Throws `TypeError` for an option that nobody knows. */
export const read = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      port: { type: "string", default: "4010" },
      host: { type: "string", default: "127.0.0.1" },
      name: { type: "string", multiple: true, default: [] },
      tls: { type: "boolean", default: false },
      "tls-port": { type: "string", default: "4443" },
      proxy: { type: "boolean", default: false },
      data: { type: "string", default: ".data/simulator" },
      preset: { type: "string", default: "demo" },
      seed: { type: "string", default: "1" },
      "return-url": { type: "string", multiple: true, default: [] },
      state: { type: "string" },
      models: { type: "string", multiple: true, default: [] },
      describe: { type: "string", multiple: true, default: [] },
      mode: { type: "string", default: "production" },
      check: { type: "boolean", default: false },
      assumed: { type: "boolean", default: false },
      driver: { type: "string" },
      family: { type: "string", default: "amazon-ads" },
      report: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false }
    }
  })

/** The options by name. */
export type Values = ReturnType<typeof read>["values"]

const named = (order: string): Descriptions.Entry => {
  const at = order.indexOf("=")
  if (at < 1 || at === order.length - 1) throw new RangeError(`--describe takes NAME=FILE, not ${order}`)
  return Descriptions.named(order.slice(0, at), order.slice(at + 1))
}

/** The descriptions that were named. Throws `DescriptionUnreadable` for a file or folder that is none. */
export const descriptionsOf = ({ describe, models }: Values): Descriptions.Descriptions =>
  Descriptions.make([...models.flatMap(Descriptions.folder), ...describe.map(named)])
