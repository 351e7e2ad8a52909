/**
 * Certificates for simulated hosts (https://www.rfc-editor.org/rfc/rfc5280): an authority that may sign for these hosts
 * and no others, and what it signs. Nothing here is good for anything but a simulation.
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto"
import { isIP } from "node:net"
import * as Der from "./der.ts"

const DAY_MS = 86_400_000
/** No browser takes a server's certificate that lives longer. */
const leafDays = 397
const authorityDays = 3650

const ecdsaWithSha256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"))

const nameOf = (commonName: string): Buffer =>
  Der.sequence(
    Der.set(Der.sequence(Der.oid("2.5.4.10"), Der.text("Portolan provider simulator"))),
    Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.text(commonName)))
  )

const extension = (id: string, content: Uint8Array, critical = false): Buffer =>
  Der.sequence(Der.oid(id), ...(critical ? [Der.yes] : []), Der.octets(content))

const addressBytes = (address: string): Buffer =>
  isIP(address) === 4
    ? Buffer.from(address.split(".").map(Number))
    : Buffer.concat([Buffer.alloc(15), Buffer.from([1])])

/** A name of a host: an address where it is one (of version 6 only the loopback), else a DNS name. */
const generalName = (host: string): Buffer =>
  isIP(host) === 0 ? Der.implicit(2, Buffer.from(host, "latin1")) : Der.implicit(7, addressBytes(host))

const keyIdOf = (spki: Buffer): Buffer => createHash("sha1").update(spki).digest()

/** A pair of keys and the certificate of the public one, as PEM. */
export type Identity = { readonly key: string; readonly certificate: string }

type Draft = {
  readonly subject: string
  readonly spki: Buffer
  readonly days: number
  readonly extensions: ReadonlyArray<Buffer>
}

type Issuer = { readonly name: string; readonly key: KeyObject; readonly spki: Buffer }

const pem = (label: string, der: Buffer): string => {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n")
}

const issue = (draft: Draft, issuer: Issuer, now: number): string => {
  const body = Der.sequence(
    Der.tagged(0, Der.integer(Buffer.from([2]))),
    Der.integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    nameOf(issuer.name),
    Der.sequence(Der.instant(new Date(now - DAY_MS)), Der.instant(new Date(now + draft.days * DAY_MS))),
    nameOf(draft.subject),
    draft.spki,
    Der.tagged(
      3,
      Der.sequence(
        ...draft.extensions,
        extension("2.5.29.14", Der.octets(keyIdOf(draft.spki))),
        extension("2.5.29.35", Der.sequence(Der.implicit(0, keyIdOf(issuer.spki))))
      )
    )
  )
  const signature = sign("sha256", body, issuer.key)
  return pem("CERTIFICATE", Der.sequence(body, ecdsaWithSha256, Der.bits(signature)))
}

/** What the authority is called where certificates are listed. */
export const authorityName = "Portolan simulator authority (trust it on test machines only)"

const spkiOf = (key: KeyObject): Buffer => createPublicKey(key).export({ type: "spki", format: "der" })

/** Makes an authority that may sign for these hosts and what lies below them, and for nothing else. */
export const makeAuthority = (hosts: ReadonlyArray<string>, now: number): Identity => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const spki = spkiOf(privateKey)
  const permitted = hosts.filter((host) => isIP(host) === 0).map((host) => Der.sequence(generalName(host)))
  const extensions = [
    // An authority, with no other authority below it.
    extension("2.5.29.19", Der.sequence(Der.yes, Der.integer(Buffer.from([0]))), true),
    // Signs certificates and lists of withdrawn ones.
    extension("2.5.29.15", Der.bits(Buffer.from([0x06]), 1), true),
    extension("2.5.29.30", Der.sequence(Der.tagged(0, ...permitted)), true)
  ]
  const draft = { subject: authorityName, spki, days: authorityDays, extensions }
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: issue(draft, { name: authorityName, key: privateKey, spki }, now)
  }
}

/** A certificate of an authority for a server with these names and this key. */
export const makeLeaf = (authority: KeyObject, hosts: ReadonlyArray<string>, key: KeyObject, now: number): string =>
  issue(
    {
      subject: hosts[0] ?? "localhost",
      spki: spkiOf(key),
      days: leafDays,
      extensions: [
        extension("2.5.29.19", Der.sequence(), true),
        extension("2.5.29.15", Der.bits(Buffer.from([0x80]), 7), true),
        extension("2.5.29.37", Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))),
        extension("2.5.29.17", Der.sequence(...hosts.map(generalName)))
      ]
    },
    { name: authorityName, key: authority, spki: spkiOf(authority) },
    now
  )

const data = "1.2.840.113549.1.7.1"

const contentInfo = (content: Uint8Array): Buffer => Der.sequence(Der.oid(data), Der.tagged(0, Der.octets(content)))

/**
 * A certificate as a trust store of Java, without a password as the JDK's own has been since version 18
 * (https://www.rfc-editor.org/rfc/rfc7292).
 */
export const trustStore = (certificate: string): Buffer => {
  const der = Buffer.from(certificate.replaceAll(/-----[^-]+-----|\s/g, ""), "base64")
  const bag = Der.sequence(
    Der.oid("1.2.840.113549.1.12.10.1.3"),
    Der.tagged(0, Der.sequence(Der.oid("1.2.840.113549.1.9.22.1"), Der.tagged(0, Der.octets(der)))),
    Der.set(
      // Friendly name, in two bytes a letter; and that the certificate is trusted for any purpose.
      Der.sequence(
        Der.oid("1.2.840.113549.1.9.20"),
        Der.set(Der.value(0x1e, Buffer.from("portolan", "utf16le").swap16()))
      ),
      Der.sequence(Der.oid("2.16.840.1.113894.746875.1.1"), Der.set(Der.oid("2.5.29.37.0")))
    )
  )
  return Der.sequence(Der.integer(Buffer.from([3])), contentInfo(Der.sequence(contentInfo(Der.sequence(bag)))))
}
