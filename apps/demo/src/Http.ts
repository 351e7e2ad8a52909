/** Two ways to speak to the server: software with an API key, and a browser with its cookies. */

/** An answer that was not expected; the demo stops at it. */
export class Unexpected extends Error {
  override readonly name = "Unexpected"
}

/** JSON as it comes from the API; a step reads the fields it needs with `text`, `list` and `at`. */
export type Json = { readonly [field: string]: unknown }

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** The object at a field. */
export const at = (json: Json, field: string): Json => {
  const value = json[field]
  if (!isObject(value)) throw new Unexpected(`expected an object in ${field}, found ${JSON.stringify(value)}`)
  return value
}

/** The text at a field. */
export const text = (json: Json, field: string): string => {
  const value = json[field]
  if (typeof value !== "string") throw new Unexpected(`expected text in ${field}, found ${JSON.stringify(value)}`)
  return value
}

/** The number at a field. */
export const number = (json: Json, field: string): number => {
  const value = json[field]
  if (typeof value !== "number") throw new Unexpected(`expected a number in ${field}, found ${JSON.stringify(value)}`)
  return value
}

/** The list of objects at a field. */
export const list = (json: Json, field: string): ReadonlyArray<Json> => {
  const value = json[field]
  if (!Array.isArray(value) || !value.every(isObject)) throw new Unexpected(`expected a list in ${field}`)
  return value
}

/** The first object that a condition holds for. */
export const find = (all: ReadonlyArray<Json>, what: string, holds: (one: Json) => boolean): Json => {
  const found = all.find(holds)
  if (found === undefined) throw new Unexpected(`${what} was not found among ${all.length}`)
  return found
}

const deadline = () => AbortSignal.timeout(60_000)

/**
 * Software: JSON requests with an API key or a session cookie. Gives body and status; fails when the status differs.
 */
export const software =
  (origin: string, headers: { readonly [name: string]: string }) =>
  async (
    method: string,
    path: string,
    expected: number,
    body?: unknown,
    extra: { readonly [name: string]: string } = {}
  ) => {
    const answer = await fetch(new URL(path, origin), {
      method,
      signal: deadline(),
      redirect: "manual",
      headers: { ...headers, ...extra, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    const content = await answer.text()
    if (answer.status !== expected) {
      throw new Unexpected(
        `${method} ${path} answered ${answer.status} instead of ${expected}: ${content.slice(0, 400)}`
      )
    }
    const parsed: unknown = content === "" ? {} : JSON.parse(content)
    return { json: isObject(parsed) ? parsed : {}, cookies: answer.headers.getSetCookie() }
  }

/** What `software` gives. */
export type Software = ReturnType<typeof software>

/** A browser: keeps cookies of the server, posts forms, and does not follow redirects, so that each hop can be seen. */
export class Browser {
  readonly #origin: string
  readonly #cookies = new Map<string, string>()
  constructor(origin: string) {
    this.#origin = origin
  }

  /** The cookies as a request carries them. */
  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  }

  /** Takes cookies that came with an answer. */
  take(cookies: ReadonlyArray<string>): void {
    for (const line of cookies) {
      const [pair = ""] = line.split(";")
      const split = pair.indexOf("=")
      this.#cookies.set(pair.slice(0, split), pair.slice(split + 1))
    }
  }

  /** Opens an address, or posts a form to it. Gives status, page and where it redirects to. */
  async go(address: string, form?: { readonly [field: string]: string }) {
    const url = new URL(address, this.#origin)
    const answer = await fetch(url, {
      method: form === undefined ? "GET" : "POST",
      redirect: "manual",
      signal: deadline(),
      headers: { cookie: this.cookie, ...(form === undefined ? {} : { origin: this.#origin }) },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) })
    })
    this.take(answer.headers.getSetCookie())
    return { status: answer.status, page: await answer.text(), location: answer.headers.get("location") ?? "" }
  }
}
