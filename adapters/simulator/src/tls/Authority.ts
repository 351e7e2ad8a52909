/** The certificate authority of a simulator, kept in a folder so that it is trusted once. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { createSecureContext, type SecureContext } from "node:tls"
import * as Certificates from "./certificates.ts"

/** An authority, and what a server of its hosts presents. */
export type Authority = {
  /** The certificate to trust, as PEM. */
  readonly certificate: string
  /** Where that certificate lies, and as a trust store of Java. */
  readonly files: { readonly pem: string; readonly trustStore: string }
  /** Whether it was made just now, so that nobody trusts it yet. */
  readonly isNew: boolean
  /** What to present for a host, as PEM; undefined for a host that is not among those of the authority. */
  readonly presentFor: (host: string) => Presented | undefined
}

/** A server's private key, and its certificate with the authority's behind it, as PEM. */
export type Presented = { readonly key: string; readonly cert: string; readonly context: SecureContext }

/** A folder in which no authority can be kept, and why. */
export class AuthorityUnusable extends Error {
  readonly _tag = "AuthorityUnusable"
}

type Kept = Certificates.Identity & { readonly hosts: ReadonlyArray<string> }

const write = (file: string, content: string | Uint8Array, mode: number): void => {
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, content, { mode })
  renameSync(temporary, file)
}

/** What the folder has; undefined when it has none, or one that may not sign for all these hosts. */
const keptIn = (folder: string, hosts: ReadonlyArray<string>): Kept | undefined => {
  const file = join(folder, "authority.json")
  if (!existsSync(file)) return undefined
  const kept = JSON.parse(readFileSync(file, "utf8")) as Kept
  return hosts.every((host) => kept.hosts.includes(host)) ? kept : undefined
}

const keep = (folder: string, kept: Kept): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  write(join(folder, "authority.json"), JSON.stringify(kept), 0o600)
  write(join(folder, "ca.pem"), kept.certificate, 0o644)
  write(join(folder, "ca.p12"), Certificates.trustStore(kept.certificate), 0o644)
}

const presenting = (kept: Kept): Authority["presentFor"] => {
  const authority = createPrivateKey(kept.key)
  const made = new Map<string, Presented>()
  let key: KeyObject | undefined
  return (host) => {
    const known = made.get(host)
    if (known !== undefined) return known
    if (!kept.hosts.includes(host)) return undefined
    key ??= generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey
    const names = host === "localhost" ? ["localhost", "127.0.0.1", "::1"] : [host]
    const own = {
      key: key.export({ type: "pkcs8", format: "pem" }).toString(),
      cert: `${Certificates.makeLeaf(authority, names, key, Date.now())}${kept.certificate}`
    }
    const presented = { ...own, context: createSecureContext(own) }
    made.set(host, presented)
    return presented
  }
}

/**
 * The authority of a folder for these hosts and `localhost`. It is made anew when there is none, and when it may not
 * sign for one of the hosts. Throws `AuthorityUnusable` when the folder cannot be read or written.
 */
export const open = (folder: string, simulated: ReadonlyArray<string>): Authority => {
  const hosts = [...new Set(["localhost", ...simulated])]
  try {
    const found = keptIn(folder, hosts)
    const kept = found ?? { ...Certificates.makeAuthority(hosts, Date.now()), hosts }
    if (found === undefined) keep(folder, kept)
    return {
      certificate: kept.certificate,
      files: { pem: resolve(folder, "ca.pem"), trustStore: resolve(folder, "ca.p12") },
      isNew: found === undefined,
      presentFor: presenting(kept)
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AuthorityUnusable(`the certificate authority in ${folder} cannot be used: ${reason}`, { cause: error })
  }
}
