/** Hashes and compares passwords, a few at once, and fairly among those who ask. */
import { Identity } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import * as FairQueue from "./FairQueue.ts"
import type { LazyAuth } from "./lazyAuth.ts"
import { orUnavailable } from "./orUnavailable.ts"

// Hashing a password takes 32 MB and a thread of Node's pool of four, which serves files and names as well.
const limits: FairQueue.Limits = { atOnce: 2, inQueue: 512, perAddress: 8, perAccount: 4 }
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

/** How a password becomes a hash that is kept, and how one is compared with it. */
export interface Hashing {
  /** A salted hash of the password, with everything that comparing needs. */
  readonly hash: (password: string) => Promise<string>
  /** Whether a hash is of the password. A hash of another kind is a no. */
  readonly verify: (attempt: { readonly hash: string; readonly password: string }) => Promise<boolean>
}

/** better-auth's scrypt. */
const scryptOf = (auth: LazyAuth): Hashing => ({
  hash: async (password) => (await (await auth()).$context).password.hash(password),
  verify: async (attempt) => (await (await auth()).$context).password.verify(attempt)
})

/** Hashes for one process. Fails with `TooManyAttempts` when a client has too many under way already. */
export const make = (auth: LazyAuth, hashing: Hashing = scryptOf(auth)) => {
  const queue = FairQueue.make(limits)
  const inTurn = Effect.fnUntraced(function* <A>(client: FairQueue.Client, work: () => Promise<A>) {
    const done = yield* queue.run(
      client,
      Effect.map(orUnavailable(work), (value) => ({ value }))
    )
    return done === undefined ? yield* new Identity.TooManyAttempts({ retryAfterSeconds: busySeconds }) : done.value
  })
  const hash = (client: FairQueue.Client, password: Redacted.Redacted<string>) =>
    inTurn(client, () => hashing.hash(Redacted.value(password)))
  return {
    /** A salted hash of the password. */
    hash,
    /** Whether the password has this hash. Without a hash the answer is no, after as much work. */
    matches: (client: FairQueue.Client, password: Redacted.Redacted<string>, hashed: string | null | undefined) =>
      typeof hashed === "string"
        ? inTurn(client, () => hashing.verify({ hash: hashed, password: Redacted.value(password) }))
        : Effect.as(hash(client, password), false)
  }
}

/** Hashes and compares passwords. */
export type Passwords = ReturnType<typeof make>
