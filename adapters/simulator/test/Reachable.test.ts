import { spawnSync } from "node:child_process"
import { createPrivateKey, generateKeyPairSync } from "node:crypto"
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { request as plainRequest } from "node:http"
import { request } from "node:https"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect, createServer, type TLSSocket } from "node:tls"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { Authority, Descriptions, Hosts, listen, type Listening, type Simulator } from "../src/index.ts"
import { makeLeaf } from "../src/tls/certificates.ts"
import { consentUrl, fresh, lastRule, profileOf, reportBody, reportType, token, US } from "./support.ts"
import { write } from "./widgets.ts"

const data = mkdtempSync(join(tmpdir(), "portolan-authority-"))
let simulator: Simulator.Simulator
let authority: Authority.Authority
let server: Listening

beforeAll(async () => {
  simulator = fresh({ names: ["simulator.internal"] })
  authority = Authority.open(data, Hosts.all)
  server = await listen(simulator, { authority, proxy: true })
})
afterAll(async () => {
  await server.close()
  rmSync(data, { recursive: true, force: true })
})

type Seen = { readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string }
type Call = {
  readonly host: string
  readonly path: string
  readonly socket?: TLSSocket
  readonly headers?: Record<string, string>
}

const tlsPort = () => Number(new URL(server.tlsUrl ?? "").port)

/** Asks the TLS server as a client does that was told another address for a host. */
const ask = ({ headers, host, path }: Call): Promise<Seen> =>
  new Promise((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port: tlsPort(),
        servername: host,
        path,
        ca: authority.certificate,
        headers: { host, ...headers }
      },
      (response) => {
        let body = ""
        response.on("data", (chunk: Buffer) => (body += chunk.toString()))
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      }
    )
    call.on("error", reject)
    call.end()
  })

/** Asks the proxy for a tunnel. */
const tunnel = (
  target: string
): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, unknown>> }> =>
  new Promise((resolve, reject) => {
    const call = plainRequest({ port: server.port, host: "127.0.0.1", method: "CONNECT", path: target })
    call.on("connect", (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers })
    })
    call.on("error", reject)
    call.end()
  })

describe("with TLS", () => {
  test("every simulated host presents a certificate of its own, which the authority signed", async () => {
    const subjects = await Promise.all(
      Hosts.all.map(
        (host) =>
          new Promise<string | undefined>((resolve, reject) => {
            const socket = connect({ host: "127.0.0.1", port: tlsPort(), servername: host, ca: authority.certificate })
            socket.once("secureConnect", () => {
              resolve(socket.getPeerCertificate().subjectaltname)
              socket.end()
            })
            socket.once("error", reject)
          })
      )
    )
    expect(subjects).toEqual(Hosts.all.map((host) => `DNS:${host}`))
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })

  test("a host that is not simulated gets none", async () => {
    await expect(ask({ host: "bank.example", path: "/" })).rejects.toThrow()
  })

  test("the authority is made once, for these hosts only, and keeps its key to its owner", async () => {
    const again = Authority.open(data, Hosts.all)
    expect([authority.isNew, again.isNew, again.certificate]).toEqual([true, false, authority.certificate])
    expect(readFileSync(authority.files.pem, "utf8")).toBe(authority.certificate)
    expect(statSync(join(data, "authority.json")).mode & 0o077).toBe(0)
    // Somebody who gets hold of the key cannot speak for other hosts to those who trust it.
    const { key } = JSON.parse(readFileSync(join(data, "authority.json"), "utf8")) as { key: string }
    const own = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey
    const cert = makeLeaf(createPrivateKey(key), ["bank.example"], own, Date.now())
    const forged = createServer({ key: own.export({ type: "pkcs8", format: "pem" }), cert })
    await new Promise<void>((resolve) => forged.listen(0, "127.0.0.1", resolve))
    const { port } = forged.address() as { port: number }
    const reason = await new Promise<string>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port, servername: "bank.example", ca: authority.certificate })
      socket.once("secureConnect", () => resolve("trusted"))
      socket.once("error", (error: Error & { code?: string }) => resolve(`${error.code ?? ""} ${error.message}`))
    })
    expect(reason).toMatch(/permitted|PERMITTED/)
    forged.close()
    // A host more, such as one of a description, needs an authority that may sign for it.
    const other = mkdtempSync(join(tmpdir(), "portolan-authority-"))
    const small = Authority.open(other, ["api.amazon.com"])
    expect(Authority.open(other, ["api.amazon.com", "api.gadgets.example"]).certificate).not.toBe(small.certificate)
    expect(() => Authority.open("/dev/null/authority", [])).toThrow(
      /certificate authority in \/dev\/null\/authority cannot be used/
    )
  })

  test.skipIf(spawnSync("openssl", ["version"]).status !== 0)("the trust store of Java holds the certificate", () => {
    const args = ["pkcs12", "-in", authority.files.trustStore, "-nomacver", "-nokeys", "-passin", "pass:"]
    const { stdout } = spawnSync("openssl", args, { encoding: "utf8" })
    expect(stdout.replaceAll(/\s/g, "")).toContain(authority.certificate.replaceAll(/\s/g, ""))
    expect(stdout).toContain("friendlyName: portolan")
  })

  test("links in answers keep the host, and the port that was used for it", async () => {
    const { access_token } = (await (
      await token(simulator, { grant_type: "client_credentials", scope: "sellingpartnerapi::notifications" })
    ).json()) as { access_token: string }
    expect(access_token).toMatch(/^Atza/)
    const page = await ask({
      host: "www.amazon.com",
      path: consentUrl(simulator).replace("https://www.amazon.com", "")
    })
    expect([page.status, page.body.includes('action="/ap/signin"')]).toEqual([200, true])
    const reportAt = async (authority: string) => {
      const { ads, adsTokens } = await import("./support.ts")
      const tokens = await adsTokens(simulator)
      const profile = profileOf(simulator, "Lindqvist Lanterns", US)
      const made = (await (
        await ads(simulator, tokens, "/reporting/reports", {
          method: "POST",
          headers: reportType,
          body: reportBody("2026-07-01", "2026-07-02"),
          profile,
          host: authority
        })
      ).json()) as { reportId: string }
      simulator.advance(60_000)
      const done = await ads(simulator, tokens, `/reporting/reports/${made.reportId}`, { profile, host: authority })
      return new URL(((await done.json()) as { url: string }).url).host
    }
    expect(await reportAt("advertising-api.amazon.com")).toBe(Hosts.adsStorage.NA)
    expect(await reportAt("advertising-api.amazon.com:4443")).toBe(`${Hosts.adsStorage.NA}:4443`)
  })
})

describe("the proxy", () => {
  test("tunnels to simulated hosts", async () => {
    expect((await tunnel("advertising-api.amazon.com:443")).status).toBe(200)
    const through = await new Promise<Seen>((resolve, reject) => {
      const call = plainRequest({ port: server.port, host: "127.0.0.1", method: "CONNECT", path: "api.amazon.com:443" })
      call.on("connect", (_, socket) => {
        const inner = request(
          {
            createConnection: () => connect({ socket, servername: "api.amazon.com", ca: authority.certificate }),
            host: "api.amazon.com",
            path: "/user/profile"
          },
          (response) => {
            let body = ""
            response.on("data", (chunk: Buffer) => (body += chunk.toString()))
            response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
          }
        )
        inner.on("error", reject)
        inner.end()
      })
      call.on("error", reject)
      call.end()
    })
    expect([through.status, lastRule(simulator)]).toEqual([400, "LWA-PRO-01"])
  })

  test.each(["example.com:443", "api.amazon.com:22", "127.0.0.1:80", "amazon.com:443", "", ":"])(
    "goes nowhere else: %s is refused, and stands in the journal",
    async (target) => {
      const refused = await tunnel(target === "" ? "/" : target)
      expect([refused.status, refused.headers["x-portolan"]]).toEqual([502, "not-simulated"])
      expect([simulator.journal().at(-1)?.method, lastRule(simulator)]).toEqual(["CONNECT", "SIM-502-01"])
    }
  )

  test("takes whole addresses too, as clients without tunnels send them", async () => {
    const send = (path: string) =>
      new Promise<number>((resolve, reject) => {
        const call = plainRequest({ port: server.port, host: "127.0.0.1", path }, (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        })
        call.on("error", reject)
        call.end()
      })
    expect(await send("https://api.amazon.com/user/profile")).toBe(400)
    expect(await send("http://example.com/")).toBe(502)
  })

  test("without an authority is refused", async () => {
    await expect(listen(simulator, { proxy: true })).rejects.toThrow(RangeError)
  })
})

describe("the plain server", () => {
  const get = (path: string, host?: string) =>
    new Promise<number>((resolve, reject) => {
      const call = plainRequest(
        { port: server.port, host: "127.0.0.1", path, ...(host === undefined ? {} : { headers: { host } }) },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        }
      )
      call.on("error", reject)
      call.end()
    })

  test("finds the host by the Host header, with or without a port", async () => {
    expect(await get("/v2/profiles", "advertising-api.amazon.com")).toBe(401)
    expect(await get("/v2/profiles", "advertising-api.amazon.com:4010")).toBe(401)
    expect(await get("/v2/profiles", "advertising-api.example")).toBe(502)
  })

  test("says that it is well, and gives control to the names that it was told", async () => {
    expect(await get("/healthz")).toBe(200)
    expect(await get("/healthz", "10.0.0.7")).toBe(200)
    expect(await get("/_sim/world", "simulator.internal")).toBe(200)
    expect(await get("/_sim/world", "rebound.example")).toBe(403)
  })

  test("stops when the answers under way are given", async () => {
    const other = fresh()
    const listening = await listen(other, { host: "127.0.0.1", graceMs: 5_000 })
    other.arm({ effect: { kind: "delay", milliseconds: 300 }, where: { host: "api.amazon.com" } })
    const slow = fetch(`${listening.url}/api.amazon.com/user/profile`)
    while (other.journal().length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await listening.close()
    expect((await slow).status).toBe(400)
    await expect(fetch(`${listening.url}/healthz`)).rejects.toThrow()
  })

  test("tells a port that is taken", async () => {
    await expect(listen(simulator, { port: server.port })).rejects.toThrow(/EADDRINUSE/)
  })
})

test("a described host is reached like the others", async () => {
  const { hosted } = write()
  const described = fresh({ descriptions: Descriptions.make([Descriptions.named("gadgets", hosted)]) })
  const folder = mkdtempSync(join(tmpdir(), "portolan-authority-"))
  const own = Authority.open(folder, ["api.gadgets.example"])
  const listening = await listen(described, { authority: own, proxy: true })
  const status = await new Promise<number>((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port: Number(new URL(listening.tlsUrl ?? "").port),
        servername: "api.gadgets.example",
        ca: own.certificate,
        path: "/v2/nothing",
        headers: { host: "api.gadgets.example" }
      },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      }
    )
    call.on("error", reject)
    call.end()
  })
  expect(status).toBe(404)
  await listening.close()
  expect(existsSync(own.files.pem)).toBe(true)
  rmSync(folder, { recursive: true, force: true })
})
