import { type KeyObject, sign as signWith } from "node:crypto"

/**
 * The value of `WM_SEC.AUTH_SIGNATURE`: SHA256withRSA (PKCS#1 v1.5), base64, over consumer id, timestamp and key
 * version, each followed by a newline
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access). Method, address and
 * body are not covered. The timestamp is in milliseconds and goes along as `WM_CONSUMER.intimestamp`.
 */
export const sign = (key: KeyObject, consumerId: string, timestamp: string, keyVersion: string): string =>
  signWith("sha256", Buffer.from(`${consumerId}\n${timestamp}\n${keyVersion}\n`), key).toString("base64")
