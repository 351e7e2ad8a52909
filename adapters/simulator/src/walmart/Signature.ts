/**
 * The request signature of Walmart Connect: real RSA-SHA256 over three headers and nothing else
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access).
 */
import type { KeyObject } from "node:crypto"
import { createPublicKey, verify } from "node:crypto"

const keys = new Map<string, KeyObject>()

const keyOf = (pem: string): KeyObject => {
  const known = keys.get(pem)
  if (known !== undefined) return known
  const made = createPublicKey(pem)
  if (keys.size < 100) keys.set(pem, made)
  return made
}

/** Whether a text is a public key of the right kind. */
export const isPublicKey = (pem: string): boolean => {
  try {
    return createPublicKey(pem).asymmetricKeyType === "rsa"
  } catch {
    return false
  }
}

/** The text that is signed: values in the order of the sorted header names, each with a newline. */
export const subject = (consumerId: string, timestamp: string, keyVersion: string): string =>
  `${consumerId}\n${timestamp}\n${keyVersion}\n`

/** Whether a base64 signature is of this subject and key. */
export const holds = (pem: string, text: string, signature: string): boolean =>
  /^[A-Za-z0-9+/]{1,2048}={0,2}$/.test(signature) &&
  verify("sha256", Buffer.from(text), keyOf(pem), Buffer.from(signature, "base64"))

/** Milliseconds of a header such as `1565309779` (seconds, Walmart's samples) or `1565309779000` (practice). */
export const instant = (text: string): number | undefined => {
  if (/^\d{13}$/.test(text)) return Number(text)
  return /^\d{10}$/.test(text) ? Number(text) * 1000 : undefined
}
