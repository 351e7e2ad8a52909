/** Who lets us in: signed calls, the snapshot in its versions and forms, and that a listing is complete or fails. */
import { verify } from "node:crypto"
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Marketplace } from "@portolan/domain"
import { LeftOut } from "@portolan/ports"
import { DateTime, Effect, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { readAdvertisers } from "../src/Advertisers.ts"
import { mayFetch } from "../src/Connect.ts"
import * as Settings from "../src/Settings.ts"
import { access, advertiser, ask, failure, file, given, json, keys, noon, scripted, US } from "./support.ts"

const at = Marketplace.get(US)
const root = "https://developer.api.walmart.com/api-proxy/service/WPA/Api/v1"
const made = json(200, { code: "success", snapshotId: "42", jobStatus: "pending" })
const link = `${root}/api/v1/file/42`
const done = json(200, { code: "success", jobStatus: "done", details: link })

const v2 = (more: object = {}) => ({
  advertiserId: "9007199254740993",
  advertiserName: "Lanterns",
  advertiserType: "3p",
  sellerId: "456782346",
  sellerName: "Lanterns Inc",
  accountSpendLimitReached: "1",
  organizationId: "5",
  approvedBrandNames: ["A"],
  advertiserAccess: [
    { resourceGroupName: "REPORTING", permissionType: "View Only", grantTimeStamp: "2025-01-02T03:04:05Z" },
    { resourceGroupName: "CAMPAIGN_MANAGER", permissionType: "Edit", grantTimeStamp: "2025-02-02T03:04:05Z" }
  ],
  ...more
})
const pack = (text: string | object) => gzipSync(typeof text === "string" ? text : JSON.stringify(text))

const read = (text: string | object) =>
  readAdvertisers({ bytes: Buffer.from(typeof text === "string" ? text : JSON.stringify(text)) }, at)
const list = (text: string | object) => Result.getOrThrow(read(text)).found

const look = ask((port) => port.advertisers("WALMART-US"))

describe("a listing of advertisers", () => {
  it("keeps every digit, and tells kind, seller, access and limit", () => {
    const raw = JSON.stringify([v2()]).replace('"9007199254740993"', "9007199254740993")
    const [one] = list(raw)
    expect(one).toMatchObject({
      ...advertiser,
      sellerId: "456782346",
      sellerName: "Lanterns Inc",
      spendLimitReached: true
    })
    expect(one?.grantedAt === undefined ? "" : DateTime.formatIso(one.grantedAt)).toBe("2025-02-02T03:04:05.000Z")
  })

  it.each<[string, object, string]>([
    ["Edit on campaigns", {}, "edit"],
    [
      "View Only on campaigns",
      { advertiserAccess: [{ resourceGroupName: "CAMPAIGN_MANAGER", permissionType: "View Only" }] },
      "view"
    ],
    [
      "Edit on something else",
      { advertiserAccess: [{ resourceGroupName: "CREATIVE_HUB", permissionType: "Edit" }] },
      "view"
    ],
    ["nothing at all", { advertiserAccess: [] }, "view"],
    [
      "the list as text",
      { advertiserAccess: '[{"resourceGroupName":"campaign_manager","permissionType":"edit"}]' },
      "edit"
    ],
    ["version 1, write", { advertiserAccess: null, apiAccessType: "write" }, "edit"],
    ["version 1, in long words", { advertiserAccess: null, apiAccessType: "Write access" }, "edit"],
    ["version 1, read", { advertiserAccess: null, apiAccessType: "read" }, "view"]
  ])("reads %s", (_name, more, expected) => {
    expect(list([v2(more)])[0]?.permission).toBe(expected)
  })

  it("is read from a table as well", () => {
    const head =
      "advertiserId,advertiserName,advertiserType,sellerId,sellerName,apiAccessType,accessGrantTimeStamp,accountSpendLimitReached,reportDate"
    const found = list(
      `${head}\r\n9007199254740993,"Lanterns, ""The"" Shop",3p,456782346,L,write,1738465445000,0,2026-07-14\r\n` +
        "2,Wholesale,1P,N/A,N/A,read,2025-02-02 03:04:05,N/A,2026-07-14\r\n"
    )
    expect(found).toMatchObject([
      { name: 'Lanterns, "The" Shop', type: "walmart-3p", permission: "edit", spendLimitReached: false },
      { name: "Wholesale", type: "walmart-1p", permission: "view" }
    ])
    expect(found[0]?.grantedAt === undefined ? 0 : DateTime.toEpochMillis(found[0].grantedAt)).toBe(1738465445000)
    for (const name of ["sellerId", "sellerName", "spendLimitReached"]) expect(found[1]).not.toHaveProperty(name)
    expect(list(`${head}\n`)).toEqual([])
    expect(list("[]")).toEqual([])
    expect(list({ advertisers: [v2()] }).length).toBe(1)
  })

  it.each<[string, string | object]>([
    ["no id", [v2({ advertiserId: "" })]],
    ["an id that is no number", [v2({ advertiserId: "12x" })]],
    ["no kind", [v2({ advertiserType: "" })]],
    ["no access", [v2({ advertiserAccess: null })]],
    ["access that cannot be read", [v2({ advertiserAccess: "[" })]],
    ["an empty file", ""],
    ["a page", "<html></html>"],
    ["half of JSON", '[{"advertiserId":1'],
    ["half a table", "advertiserId,advertiserType,apiAccessType\n1,3p,write\n2,3"],
    ["an unclosed quotation", 'advertiserId,advertiserType,apiAccessType\n1,3p,"write'],
    ["two lists", { a: [], b: [] }],
    ["no list", { advertiserId: "1" }]
  ])("with %s fails as a whole", (_name, text) => {
    expect(Result.isFailure(read(text))).toBe(true)
  })

  it.each<[string, string | object, ReadonlyArray<string | undefined>]>([
    ["no id", [v2(), v2({ advertiserId: "" })], [undefined]],
    ["no kind", [v2(), v2({ advertiserId: "2", advertiserType: null })], ["2"]],
    ["no access", [v2(), v2({ advertiserId: "2", advertiserAccess: null })], ["2"]],
    ["no fields", [v2(), "odd"], [undefined]],
    ["too many cells", "advertiserId,advertiserType,apiAccessType\n1,3p,write\n2,3p,write,x\n", [undefined]]
  ])("hides none behind a line with %s, and says whose line it is", (_name, text, keys) => {
    const { found, odd } = Result.getOrThrow(read(text))
    expect(found.length).toBe(1)
    expect(odd.map(({ key }) => key)).toEqual(keys)
  })

  it("passes over a kind that is new, and takes the greater right of two lines", () => {
    expect(list([v2({ advertiserType: "dsp" })])).toEqual([])
    const lesser = v2({ advertiserAccess: [] })
    expect(list([v2(), lesser]).map(({ permission }) => permission)).toEqual(["edit"])
    expect(list([lesser, v2()]).map(({ permission }) => permission)).toEqual(["edit"])
  })

  it("is total, and complete: as many advertisers as lines with different ids, or a failure", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void readAdvertisers({ bytes }, at)))
    const id = fc.stringMatching(/^[1-9][0-9]{0,20}$/)
    fc.assert(
      fc.property(fc.array(id), (ids) => {
        expect(list(ids.map((advertiserId) => v2({ advertiserId }))).map(({ key }) => key.externalId)).toEqual([
          ...new Set(ids)
        ])
      })
    )
  })
})

describe("asking for it", () => {
  it.effect("signs every request anew, and downloads with the same headers", () => {
    const { asked, layer } = scripted([made, done, file(pack([v2()]))])
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      expect((yield* look).map(({ name }) => name)).toEqual(["Lanterns"])
      expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
        `POST ${root}/api/v1/snapshot/insight`,
        `GET ${root}/api/v1/snapshot?snapshotId=42`,
        `GET ${link}`
      ])
      expect(yield* Effect.promise(async () => asked[0]?.json())).toEqual({
        insightType: "advertiserAttributesV2",
        format: "gzip"
      })
      for (const { headers } of asked) {
        const header = (name: string) => headers.get(name) ?? ""
        expect(header("authorization")).toBe("Bearer auth-token-canary")
        expect(header("wm_consumer.id")).toBe("consumer-1")
        expect(header("wm_sec.key_version")).toBe("3")
        expect(header("wm_consumer.intimestamp")).toBe(String(noon))
        expect(header("wm_qos.correlation_id")).toMatch(/^[0-9a-f-]{36}$/)
        expect(headers.has("wap-tenant-id")).toBe(false)
        const signature = Buffer.from(header("wm_sec.auth_signature"), "base64")
        expect(verify("sha256", Buffer.from(`consumer-1\n${noon}\n3\n`), keys.publicKey, signature)).toBe(true)
      }
      expect(new Set(asked.map(({ headers }) => headers.get("wm_qos.correlation_id"))).size).toBe(3)
    }).pipe(Effect.provide(layer))
  })

  it.effect("reports the lines that it left out", () =>
    Effect.gen(function* () {
      const [found, leftOut] = yield* LeftOut.collect(look)
      expect(found.length).toBe(1)
      expect(leftOut.map(({ key }) => key)).toEqual(["2"])
    }).pipe(
      Effect.provide(scripted([made, done, file(pack([v2(), v2({ advertiserId: "2", advertiserType: "" })]))]).layer)
    )
  )

  it.effect("names the tenant of the market, and knows no Chile", () =>
    Effect.gen(function* () {
      for (const [region, tenant] of [
        ["WALMART-CA", "WMT_CA"],
        ["WALMART-MX", "WMT_MX"]
      ] as const) {
        const { asked, layer } = scripted([made, done, file(pack([v2()]))])
        const [one] = yield* ask((port) => port.advertisers(region)).pipe(Effect.provide(layer, { local: true }))
        expect(asked.map(({ headers }) => headers.get("wap-tenant-id"))).toEqual([tenant, tenant, tenant])
        expect(one?.key.region).toBe(region)
      }
      const { asked, layer } = scripted([])
      for (const region of ["WALMART-CL", "EU"] as const) {
        const lacking = yield* failure(ask((port) => port.advertisers(region))).pipe(
          Effect.provide(layer, { local: true })
        )
        expect(lacking._tag).toBe("ChannelUnavailable")
      }
      expect((yield* failure(look).pipe(Effect.provide(scripted([], {}).layer, { local: true })))._tag).toBe(
        "ChannelUnavailable"
      )
      expect(asked).toEqual([])
    })
  )

  it.effect("asks for version 1 where version 2 is refused, fails, or expires", () =>
    Effect.gen(function* () {
      const lines = file(pack([{ advertiserId: "1", advertiserType: "1p", apiAccessType: "read" }]))
      for (const first of [
        [json(400, { code: "INVALID_REQUEST_BODY" })],
        [json(200, { code: "failure", details: "no such type" })],
        [made, json(200, { code: "success", jobStatus: "failed" })],
        [made, json(200, [{ code: "success", jobStatus: "expired" }])]
      ]) {
        const { asked, layer } = scripted([
          ...first,
          json(200, [{ code: "success", snapshotId: 43, jobStatus: "pending" }]),
          done,
          lines
        ])
        const found = yield* look.pipe(Effect.provide(layer, { local: true }))
        expect(found.map(({ type }) => type)).toEqual(["walmart-1p"])
        expect(yield* Effect.promise(async () => asked[first.length]?.json())).toMatchObject({
          insightType: "advertiserAttributes"
        })
      }
    })
  )

  it.effect("fails when anything is missing, and never tells half", () =>
    Effect.gen(function* () {
      const outcome = (...answers: ReadonlyArray<() => Response>) =>
        Effect.map(failure(look), ({ _tag }) => _tag).pipe(Effect.provide(scripted(answers).layer, { local: true }))
      const refused = json(400, { code: "INVALID_REQUEST_BODY" })
      expect(yield* outcome(refused, refused)).toBe("Temporary")
      expect(yield* outcome(json(200, { code: "success" }))).toBe("Temporary")
      expect(yield* outcome(made, json(200, { code: "success", jobStatus: "paused" }))).toBe("Temporary")
      expect(yield* outcome(made, json(404, { code: "NOT_FOUND" }))).toBe("Temporary")
      expect(yield* outcome(made, json(200, { code: "success", jobStatus: "done" }))).toBe("Temporary")
      expect(yield* outcome(made, done, json(404, ""))).toBe("Temporary")
      expect(yield* outcome(made, done, file(pack('[{"advertiserId":1').subarray(0, 12)))).toBe("Temporary")
      expect(yield* outcome(made, done, file(new Uint8Array()))).toBe("Temporary")
      expect(yield* outcome(json(403, { code: "USER_AUTHENTICATION_ERROR" }))).toBe("ApplicationRejected")
      expect(yield* outcome(json(429, ""))).toBe("Temporary")
      const elsewhere = json(200, { code: "success", jobStatus: "done", details: "https://files.example.org/x" })
      expect(yield* outcome(made, elsewhere, file(pack([v2()])))).toBe("Temporary")
    })
  )

  it("sends credentials only where Walmart is", () => {
    const settings = Settings.resolve(given)
    const fetches = (link: string) => mayFetch(settings, link)
    for (const good of [link, "https://files.walmart.com/a?b=c", "https://walmart.com/x"])
      expect(fetches(good)).toBe(true)
    for (const bad of [
      "http://files.walmart.com/a",
      "https://walmart.com.evil.example/",
      "https://notwalmart.com/",
      "https://u:p@files.walmart.com/",
      "https://files.walmart.com:8443/",
      "file:///etc/passwd",
      "not a link",
      "",
      "https://10.0.0.1/x"
    ]) {
      expect(fetches(bad)).toBe(false)
    }
    const local = Settings.resolve({
      ...given,
      addresses: { "developer.api.walmart.com": "http://127.0.0.1:4010/developer.api.walmart.com" }
    })
    expect(mayFetch(local, "http://127.0.0.1:4010/developer.api.walmart.com/file/1")).toBe(true)
    expect(mayFetch(local, "http://127.0.0.1:4011/file/1")).toBe(false)
  })

  it.effect("never repeats a secret that a refusal echoes", () => {
    const echo = json(403, { code: "INVALID_AUTH_TOKEN", details: "Bearer auth-token-canary is not valid" })
    return Effect.gen(function* () {
      expect(JSON.stringify(yield* failure(look))).not.toContain("canary")
    }).pipe(Effect.provide(scripted([echo]).layer))
  })
})

describe("what is told of an advertiser", () => {
  const of = access("walmart-connect")
  const inspect = (profile = true) =>
    ask((port) => port.inspect(of, { marketplaceId: US, ...(profile ? { profile: advertiser.key } : {}) }))
  const listed = [made, done, file(pack([v2({ advertiserAccess: [] })]))]

  it.effect("is seen, with access and campaigns, and one question's trouble leaves its fact out", () =>
    Effect.gen(function* () {
      const { asked, layer } = scripted([...listed, json(200, [{ campaignId: 1 }, { campaignId: 2 }])])
      expect(yield* inspect().pipe(Effect.provide(layer, { local: true }))).toEqual({
        profileVisible: true,
        permission: "view",
        campaigns: 2
      })
      expect(asked[3]?.url).toBe(`${root}/api/v1/campaigns?advertiserId=9007199254740993`)
      expect(
        yield* inspect().pipe(Effect.provide(scripted([...listed, json(403, "")]).layer, { local: true }))
      ).toEqual({ profileVisible: true, permission: "view" })
      expect(
        yield* inspect().pipe(Effect.provide(scripted([json(500, ""), json(200, [])]).layer, { local: true }))
      ).toEqual({ campaigns: 0 })
      expect(
        yield* inspect().pipe(Effect.provide(scripted([made, done, file(pack([]))]).layer, { local: true }))
      ).toEqual({ profileVisible: false })
    })
  )

  it.effect("means the account's own kind when no advertiser is named", () =>
    Effect.gen(function* () {
      const supplier = v2({ advertiserId: "2", advertiserType: "1p" })
      const both = scripted([made, done, file(pack([v2(), supplier])), json(200, [])])
      expect(yield* inspect(false).pipe(Effect.provide(both.layer, { local: true }))).toEqual({
        profileVisible: true,
        permission: "edit",
        campaigns: 0
      })
      const several = scripted([made, done, file(pack([v2(), v2({ advertiserId: "3", advertiserAccess: [] })]))])
      expect(yield* inspect(false).pipe(Effect.provide(several.layer, { local: true }))).toEqual({
        profileVisible: true
      })
      expect(
        (yield* failure(inspect()).pipe(Effect.provide(scripted([json(403, "")]).layer, { local: true })))._tag
      ).toBe("ApplicationRejected")
    })
  )
})

describe("a private key", () => {
  const withKey = (privateKey: string) => () =>
    Settings.resolve({
      ...given,
      ...(given.connect === undefined ? {} : { connect: { ...given.connect, privateKey: Redacted.make(privateKey) } })
    })

  it("that cannot sign is found before the first call, and its content is not told", () => {
    for (const bad of ["", "canary", keys.publicKey, keys.privateKey.slice(0, 200)]) {
      expect(withKey(bad)).toThrow(Settings.UnusableKey)
      expect(withKey(bad)).not.toThrow(/canary|BEGIN/)
    }
    expect(withKey(keys.privateKey.replaceAll("\n", "\\n"))).not.toThrow()
  })

  it("is redacted when settings are decoded", () => {
    const settings = Settings.decode({
      marketplace: { clientId: "c", clientSecret: "canary-1" },
      connect: { consumerId: "c", authToken: "canary-2", privateKey: "canary-3" }
    })
    expect(JSON.stringify(settings)).not.toContain("canary")
    expect(() =>
      Settings.decode({ connect: { consumerId: "c", authToken: "has space canary", privateKey: "x" } })
    ).toThrow()
  })
})
