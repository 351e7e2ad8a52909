/** Longest wait that is believed, in seconds: one day. A longer one is a mistake or an attack, and is cut to this. */
export const longestWaitSeconds = 86_400

const inNumbers = (text: string, nowMillis: number): number | undefined => {
  if (!/^\d+(?:\.\d+)?$/.test(text)) return undefined
  const value = Number(text)
  // Nobody asks for thirty years: such numbers are instants, in seconds or in milliseconds.
  if (value >= 1e12) return (value - nowMillis) / 1000
  return value >= 1e9 ? value - nowMillis / 1000 : value
}

const asDate = (text: string, nowMillis: number): number | undefined => {
  if (!/[A-Za-z]/.test(text) || text.length > 60) return undefined
  const millis = Date.parse(text)
  return Number.isNaN(millis) ? undefined : (millis - nowMillis) / 1000
}

/**
 * Understands a `Retry-After`: seconds, a date (https://www.rfc-editor.org/rfc/rfc9110), an instant as a number, or
 * several of them, of which the longest counts. Gives whole seconds, rounded up, from 0 to a day. Garbage gives nothing
 * rather than zero, so that the caller's own backoff applies.
 */
export const readWait = (header: string | undefined, nowMillis: number): number | undefined => {
  const text = header?.trim() ?? ""
  if (text === "") return undefined
  const whole = inNumbers(text, nowMillis) ?? asDate(text, nowMillis)
  const parts = whole === undefined ? text.split(",").map((part) => inNumbers(part.trim(), nowMillis)) : [whole]
  const known = parts.filter((part) => part !== undefined)
  return known.length === 0 || known.length < parts.length
    ? undefined
    : Math.min(longestWaitSeconds, Math.max(0, Math.ceil(Math.max(...known))))
}
