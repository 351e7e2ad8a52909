/** Hashes and compares passwords with better-auth's scrypt, a few at once. */
import { Identity } from "@portolan/ports"
import { Effect, Option, Redacted, Semaphore } from "effect"
import type { Auth } from "./createAuth.ts"
import { orUnavailable } from "./orUnavailable.ts"

// Hashing a password takes 32 MB and a thread of Node's pool of four, which serves files and names as well.
const hashesAtOnce = 2
const hashesWaiting = 64
const busySeconds = 5

/** Whether the password may be chosen (`Identity.passwordLength`): UTF-16 code units, and no half characters. */
export const isAcceptable = (password: Redacted.Redacted<string>): boolean => {
  const text = Redacted.value(password)
  const { longest, shortest } = Identity.passwordLength
  return text.length >= shortest && text.length <= longest && text.isWellFormed()
}

/** Whether it is worth comparing at all: what is longer than any password, or nothing, is nobody's. */
export const isPossible = (password: Redacted.Redacted<string>): boolean => {
  const { length } = Redacted.value(password)
  return length > 0 && length <= Identity.passwordLength.longest
}

/** Hashes for one process. Fails with `TooManyAttempts` when more are waiting than could be served soon. */
export const make = (auth: Auth) => {
  const hashing = Semaphore.makeUnsafe(hashesAtOnce)
  const queue = Semaphore.makeUnsafe(hashesAtOnce + hashesWaiting)
  const inTurn = Effect.fnUntraced(function* <A>(work: () => Promise<A>) {
    const done = yield* queue.withPermitsIfAvailable(1)(hashing.withPermit(orUnavailable(work)))
    return Option.isSome(done) ? done.value : yield* new Identity.TooManyAttempts({ retryAfterSeconds: busySeconds })
  })
  const hash = (password: Redacted.Redacted<string>) =>
    inTurn(async () => (await auth.$context).password.hash(Redacted.value(password)))
  return {
    /** Salted scrypt of the password. */
    hash,
    /** Whether the password has this hash. Without a hash the answer is no, after as much work. */
    matches: (password: Redacted.Redacted<string>, hashed: string | null | undefined) =>
      typeof hashed === "string"
        ? inTurn(async () =>
            (await auth.$context).password.verify({ hash: hashed, password: Redacted.value(password) })
          )
        : Effect.as(hash(password), false)
  }
}

/** Hashes and compares passwords. */
export type Passwords = ReturnType<typeof make>
