import { Mailer } from "@portolan/ports"

/** What a failed delivery shows of itself. */
interface Failure {
  /** Nodemailer's code, e.g. `ECONNECTION`. */
  readonly code?: unknown
  /** The SMTP command that was answered, e.g. `RCPT TO`. */
  readonly command?: unknown
  /** The server's reply, first line first. */
  readonly response?: unknown
  readonly responseCode?: unknown
}

const isFailure = (cause: unknown): cause is Failure => typeof cause === "object" && cause !== null

const word = (text: unknown): string => (typeof text === "string" && /^[A-Z][A-Z0-9 -]{0,30}$/u.test(text) ? text : "")

/** The enhanced status code behind a reply's code (RFC 3463), e.g. `5.1.1`. */
const enhanced = (response: unknown): string =>
  typeof response === "string" ? (/^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/u.exec(response)?.[1] ?? "") : ""

/** Answers to these are about this mail and its recipient; a refusal of others is about the sender or the session. */
const aboutTheMail = new Set(["RCPT TO", "DATA"])

/**
 * Judges a failed delivery. A refusal for good (5yz, https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1) of the
 * recipient or of the message ends the mail. Everything else may pass: 4yz, a server that does not answer, and also a
 * refused login or sender, which the operator repairs while the mail waits. 503 means that the session was out of step,
 * not that the mail is bad.
 *
 * Servers repeat addresses, and some repeat what was sent to log in, so only codes of a reply are kept.
 */
export const verdict = (cause: unknown): Mailer.MailerUnavailable | Mailer.MailRefused => {
  if (!isFailure(cause)) return new Mailer.MailerUnavailable({ reason: "it failed without saying why" })
  const command = word(cause.command)
  const reply = typeof cause.responseCode === "number" ? cause.responseCode : undefined
  if (reply === undefined) {
    const where = [word(cause.code) || "unknown", command].filter((part) => part !== "").join(" at ")
    return new Mailer.MailerUnavailable({ reason: `no answer from the mail server, ${where}` })
  }
  const codes = [String(reply), enhanced(cause.response)].filter((part) => part !== "").join(" ")
  const reason = `the mail server answered ${codes}${command === "" ? "" : ` to ${command}`}`
  return reply >= 500 && reply !== 503 && aboutTheMail.has(command)
    ? new Mailer.MailRefused({ reason })
    : new Mailer.MailerUnavailable({ reason })
}
