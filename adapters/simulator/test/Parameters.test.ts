import { describe, expect, test } from "vitest"
import { byPath as adsByPath } from "../src/amazon/adsOperations.ts"
import { all as adsOperations } from "../src/amazon/adsOperations.ts"
import { all as spOperations, byPath } from "../src/amazon/spOperations.ts"
import { none } from "../src/describe/Descriptions.ts"
import type { Operation } from "../src/describe/Described.ts"
import * as Route from "../src/describe/Route.ts"
import { Descriptions, Hosts } from "../src/index.ts"
import * as Caller from "../src/parity/Caller.ts"
import { samples as adsSamples } from "../src/parity/adsSamples.ts"
import type { Known, Sample } from "../src/parity/Sample.ts"
import { samples as spSamples } from "../src/parity/spSamples.ts"
import { all as connectOperations } from "../src/walmart/connectOperations.ts"
import { absent, models, official } from "./official.ts"

const described = [...spOperations, ...adsOperations, ...connectOperations].map((one) => one.described)

/** What each operation understands of its address, and what it refuses by name. */
const table = (operations: ReadonlyArray<Operation>) =>
  operations.flatMap((one) =>
    one.parameters
      .filter((parameter) => parameter.in === "query")
      .map((parameter) => `${one.name} ${parameter.name}: ${parameter.refused === undefined ? "honoured" : "refused"}`)
  )

describe("every parameter of every operation with a rule", () => {
  test("is honoured or refused, once", () => {
    const rows = table(described)
    expect(rows.length).toBeGreaterThan(60)
    expect(rows).toContain("getPurchaseOrders changedAfter: honoured")
    expect(rows).toContain("getOrderMetrics sku: refused")
  })

  test.skipIf(models === undefined)(
    `of the official descriptions is among them ${models === undefined ? absent : ""}`,
    () => {
      const unknown = Descriptions.folder(models ?? "").flatMap(({ document }) =>
        document.operations.flatMap((theirs) => {
          const ours = Route.find(byPath, theirs.method, theirs.path.replaceAll(/\{[^}]*\}/g, "x"))?.value.described
          const names = new Set(ours?.parameters.map((one) => one.name))
          return ours === undefined
            ? []
            : theirs.parameters
                .filter((one) => one.in === "query" && !names.has(one.name))
                .map((one) => `${theirs.name} ${one.name}`)
        })
      )
      expect(unknown).toEqual([])
    }
  )

  const file = (name: string) => `${official ?? ""}/amazon-ads/${name}`
  test.skipIf(official === undefined)(`and of the Ads API ${official === undefined ? absent : ""}`, () => {
    const files = ["Profiles_prod_3p.yaml", "SponsoredProducts_prod_3p.json", "OfflineReport_prod_3p.json"]
    const unknown = files.flatMap((name) =>
      Descriptions.named("ads", file(name)).document.operations.flatMap((theirs) => {
        const ours = Route.find(adsByPath, theirs.method, theirs.path.replaceAll(/\{[^}]*\}/g, "x"))?.value.described
        return ours === undefined
          ? []
          : theirs.parameters
              .filter((one) => one.in === "query" && !ours.parameters.some(({ name: own }) => own === one.name))
              .map((one) => `${theirs.name} ${one.name}`)
      })
    )
    expect(unknown).toEqual([])
  })
})

test("every operation that parity judges has a good request", () => {
  const sampled = new Set([...spSamples, ...adsSamples].map(({ to }) => to.replaceAll(/\{[^}]*\}/g, "{}")))
  const bare = [...spOperations, ...adsOperations]
    .map(({ described: { method, path } }) => `${method} ${path.replaceAll(/\{[^}]*\}/g, "{}")}`)
    .filter((key) => !sampled.has(key))
  expect(bare).toEqual([])
})

describe("a good request", () => {
  const send = async (caller: Caller.Caller, sample: Sample, known: Known, more: readonly [string, string]) => {
    const [method = "", template = ""] = sample.to.split(" ")
    const values = sample.path?.(known, caller) ?? {}
    const body = sample.body?.(known, caller)
    const headers = { "content-type": "application/json", ...sample.headers?.(known, caller) }
    const answer = await caller.simulator.fetch(
      new Request(
        `https://${sample.who === "ads" ? Hosts.ads.NA : Hosts.sellingPartner.NA}${template.replaceAll(
          /\{([^}]*)\}/g,
          (_, name: string) => encodeURIComponent(values[name] ?? "")
        )}?${new URLSearchParams([...Object.entries(sample.query?.(known, caller) ?? {}), [...more]]).toString()}`,
        {
          method,
          headers: { ...caller.headers(sample.who), ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) })
        }
      )
    )
    return [answer.status, answer.headers.get("x-portolan")] as const
  }

  test("with a parameter that nobody knows is refused, at every operation", async () => {
    const caller = await Caller.make(none)
    const known: Known = {}
    for (const sample of [...spSamples, ...adsSamples]) {
      expect([sample.to, (await send(caller, sample, known, ["undeclared", "1"]))[0]]).toEqual([sample.to, 400])
    }
  })

  test("with one that is not simulated says so", async () => {
    const caller = await Caller.make(none)
    for (const operation of spOperations.map((one) => one.described)) {
      const sample = spSamples.find(({ to }) => to === `${operation.method} ${operation.path}`)
      for (const { name } of operation.parameters.filter((one) => one.refused !== undefined)) {
        expect([name, sample === undefined ? [] : await send(caller, sample, {}, [name, "1"])]).toEqual([
          name,
          [400, "not-simulated"]
        ])
      }
    }
  })
})
