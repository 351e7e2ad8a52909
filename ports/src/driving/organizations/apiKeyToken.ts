/** What an API key looks like on the wire. */

/** First characters of every API key, so that people and secret scanners recognise a leaked one. */
export const apiKeyPrefix = "ptl_"

/** Characters of a key that are stored to recognise it by. */
export const keyStartLength = apiKeyPrefix.length + 4

const bearer = new RegExp(`^bearer +(${apiKeyPrefix}[A-Za-z0-9_-]{20,128}) *$`, "i")

/** The key of an `Authorization` header; `undefined` when the header holds none. */
export const bearerToken = (authorization: string): string | undefined => bearer.exec(authorization)?.[1]
