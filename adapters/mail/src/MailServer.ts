/** Where mail is handed over: the parts of an `smtp:` or `smtps:` address, checked before anything connects. */
import { Effect, Redacted, Schema } from "effect"

/** The address of the mail server cannot be used. Says nothing of what the address holds, for it holds a password. */
export class MailServerMalformed extends Schema.TaggedError<MailServerMalformed>()("MailServerMalformed", {
  because: Schema.String
}) {
  override get message(): string {
    return (
      `The address of the mail server cannot be used: ${this.because}. ` +
      "It looks like smtps://user:password@mail.example.com or smtp://mail.example.com:587."
    )
  }
}

/** A mail server, and how to log in there. */
export interface MailServer {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (`smtps:`); otherwise the connection begins in the clear and may be upgraded. */
  readonly secure: boolean
  readonly login?: { readonly user: Redacted.Redacted<string>; readonly password: Redacted.Redacted<string> }
}

const malformed = (because: string) => new MailServerMalformed({ because })

/** Whether a host is this machine, where a connection in the clear is heard by nobody else. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/u.test(host)

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/**
 * Reads an address. Ports when left out: 465 for `smtps:`, 587 for `smtp:`
 * (https://www.rfc-editor.org/rfc/rfc8314#section-3.3, RFC 6409). Settings behind a question mark are refused: a copied
 * address must not switch checks off.
 */
export const read = Effect.fnUntraced(function* (address: Redacted.Redacted<string>) {
  const text = Redacted.value(address).trim()
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) return yield* malformed("it is no address")
  if (!["smtp:", "smtps:"].includes(url.protocol)) return yield* malformed("it begins with neither smtp: nor smtps:")
  if (url.hostname === "") return yield* malformed("it names no host")
  if (url.search !== "" || url.hash !== "" || !["", "/"].includes(url.pathname)) {
    return yield* malformed("something follows the host")
  }
  if ((url.username === "") !== (url.password === "")) return yield* malformed("user and password go together")
  const [user, password] = [decoded(url.username), decoded(url.password)]
  if (user === undefined || password === undefined) return yield* malformed("user or password is not percent-encoded")
  const secure = url.protocol === "smtps:"
  const server: MailServer = {
    host: url.hostname.replace(/^\[|\]$/gu, ""),
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    ...(user === "" ? {} : { login: { user: Redacted.make(user), password: Redacted.make(password) } })
  }
  return server
})
