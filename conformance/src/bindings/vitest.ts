/** Runs the laws under vitest. Not part of the main entry: only those who use vitest load it. */
import { afterAll, beforeAll, describe, it } from "vitest"
import type { Port } from "../Port.ts"
import type { Instance, Subject } from "../Subject.ts"
import { register, type Options } from "./register.ts"

/** Registers all laws of `port` for `subject` with vitest. */
export const conformance = <I extends Instance>(port: Port<I>, subject: Subject<I>, options?: Options) =>
  register(
    {
      describe: (title, body) => void describe(title, body),
      beforeAll: (work) => beforeAll(work),
      afterAll: (work) => afterAll(work),
      it: (title, body, timeout) => it(title, { timeout }, (test) => body((reason) => test.skip(reason)))
    },
    port,
    subject,
    options
  )
