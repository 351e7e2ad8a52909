/** Runs the laws under Node's own test runner. */
import { after, before, describe, it } from "node:test"
import type { Port } from "../Port.ts"
import type { Instance, Subject } from "../Subject.ts"
import { register, type Options } from "./register.ts"

/** Registers all laws of `port` for `subject` with `node:test`. */
export const conformance = <I extends Instance>(port: Port<I>, subject: Subject<I>, options?: Options) =>
  register(
    {
      describe: (title, body) => void describe(title, body),
      beforeAll: (work) => before(work),
      afterAll: (work) => after(work),
      it: (title, body, timeout) => void it(title, { timeout }, (test) => body((reason) => test.skip(reason)))
    },
    port,
    subject,
    options
  )
