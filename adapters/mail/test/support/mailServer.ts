/** A real SMTP server in this process, on a free port, that keeps what it is handed. */
import { Effect, Redacted } from "effect"
import { SMTPServer, type SMTPServerOptions } from "smtp-server"

/** A mail as it came over the wire. */
export interface Received {
  readonly from: string
  readonly to: ReadonlyArray<string>
  readonly secure: boolean
  readonly user: unknown
  readonly raw: string
}

/** An answer that a hook gives instead of yes. */
export const refusal = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode })

/** Offers the upgrade to TLS, with a certificate that nobody vouches for. */
export const withTls: SMTPServerOptions = { hideSTARTTLS: false, disabledCommands: [] }

/** Starts a server; it stops with the scope. Without further options it wants no login and knows no TLS. */
export const mailServer = (options: SMTPServerOptions = {}) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly server: SMTPServer; readonly port: number; readonly received: Array<Received> }>(
      (resume) => {
        const received: Array<Received> = []
        const server = new SMTPServer({
          authOptional: true,
          disableReverseLookup: true,
          closeTimeout: 100,
          logger: false,
          hideSTARTTLS: true,
          disabledCommands: ["STARTTLS"],
          onData: (stream, session, done) => {
            const chunks: Array<Buffer> = []
            stream.on("data", (chunk: Buffer) => chunks.push(chunk))
            stream.on("end", () => {
              const { mailFrom, rcptTo } = session.envelope
              received.push({
                from: mailFrom === false ? "" : mailFrom.address,
                to: rcptTo.map(({ address }) => address),
                secure: session.secure,
                user: session.user,
                raw: Buffer.concat(chunks).toString("utf8")
              })
              done()
            })
          },
          ...options
        })
        // A client that goes away in the middle is part of these tests.
        server.on("error", () => undefined)
        server.listen(0, "127.0.0.1", () => {
          const address = server.server.address()
          resume(
            Effect.succeed({
              server,
              received,
              port: typeof address === "object" && address !== null ? address.port : 0
            })
          )
        })
      }
    ),
    ({ server }) => Effect.callback<void>((resume) => server.close(() => resume(Effect.void)))
  )

/** The address of a server, with a login when one is given. */
export const urlOf = (port: number, login = "", scheme = "smtp") =>
  Redacted.make(`${scheme}://${login}127.0.0.1:${port}`)

/** The head of a mail as names and values, folded lines joined. */
export const headersOf = (raw: string): ReadonlyArray<readonly [string, string]> =>
  raw
    .slice(0, raw.indexOf("\r\n\r\n"))
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n")
    .map((line) => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    })

/** One header's value. */
export const header = (raw: string, name: string): string | undefined =>
  headersOf(raw).find(([found]) => found === name.toLowerCase())?.[1]

/** Encoded words of a header as text (RFC 2047), UTF-8 only. */
export const decodedWords = (text: string): string =>
  text
    .replace(/(\?=)\s+(=\?)/g, "$1$2")
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, content: string) =>
      kind.toLowerCase() === "b"
        ? Buffer.from(content, "base64").toString("latin1")
        : content
            .replaceAll("_", " ")
            .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    )
    .replace(/[\u0080-\u00ff]+/g, (bytes) => Buffer.from(bytes, "latin1").toString("utf8"))

const decodedBody = (part: string): string => {
  const [head = "", ...rest] = part.split("\r\n\r\n")
  const content = rest.join("\r\n\r\n")
  const encoding = /content-transfer-encoding:\s*(\S+)/i.exec(head)?.[1]?.toLowerCase()
  if (encoding === "base64") return Buffer.from(content, "base64").toString("utf8")
  if (encoding !== "quoted-printable") return content
  const bytes = content
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, "latin1").toString("utf8")
}

/** The text and the HTML of a mail. */
export const bodiesOf = (raw: string): { readonly text: string; readonly html: string } => {
  const boundary = /boundary="?([^";\r\n]+)/i.exec(raw)?.[1] ?? ""
  const parts = raw.split(`--${boundary}`).slice(1, -1)
  const of = (type: string) =>
    decodedBody(parts.find((part) => part.toLowerCase().includes(`content-type: ${type}`)) ?? "")
      .replaceAll("\r\n", "\n")
      .trimEnd()
  return { text: of("text/plain"), html: of("text/html") }
}
