/** Adapters of providers that are wrong about addresses and queries: PROV-01, 33 and 34. */
import { Redacted } from "effect"
import type { ProviderInstance } from "../../laws/provider/ProviderInstance.ts"
import type { Decisions } from "../../reference/provider/decisions.ts"
import { type Model, modelSubject } from "../../reference/provider/modelSubject.ts"
import { mutantsOf } from "../mutantsOf.ts"

/** The mutants. */
export const readers = mutantsOf<ProviderInstance, Decisions, Model>(modelSubject)([
  {
    id: "prov-unencoded-state",
    law: "PROV-01",
    defect: "Puts the state into the address as text.",
    change: ({ address }) => ({
      address: (request) => {
        const url = address(request)
        url.searchParams.delete("state")
        return new URL(`${url.href}&state=${Redacted.value(request.state)}`)
      }
    })
  },
  {
    id: "prov-secret-in-address",
    law: "PROV-01",
    defect: "Sends the client secret with the browser.",
    change: ({ address }) => ({
      address: (request) => {
        const url = address(request)
        url.searchParams.set("client_secret", "client-secret-of-the-model")
        return url
      }
    })
  },
  {
    id: "prov-numbered-address",
    law: "PROV-01",
    defect: "Adds a number to each address.",
    change: ({ address }) => {
      let number = 0
      return {
        address: (request) => {
          const url = address(request)
          number += 1
          url.searchParams.set("n", String(number))
          return url
        }
      }
    }
  },
  {
    id: "prov-first-of-two",
    law: "PROV-33",
    defect: "Takes the first of two parameters.",
    change: ({ readCallback }) => ({ readCallback: (query) => readCallback(new URLSearchParams(firsts(query))) })
  },
  {
    id: "prov-code-before-error",
    law: "PROV-33",
    defect: "Takes the code although the query holds an error.",
    change: ({ readCallback }) => ({
      readCallback: (query) => {
        const left = new URLSearchParams(query)
        if (left.has("code")) left.delete("error")
        return readCallback(left)
      }
    })
  },
  {
    id: "prov-callback-throws",
    law: "PROV-33",
    defect: "Throws when the state is missing.",
    change: ({ readCallback }) => ({
      readCallback: (query) => {
        if (!query.has("state")) throw new TypeError("state is required")
        return readCallback(query)
      }
    })
  },
  {
    id: "prov-state-made-up",
    law: "PROV-33",
    defect: "Lowers the state.",
    change: ({ readCallback }) => ({
      readCallback: (query) => {
        const callback = readCallback(query)
        return callback.state === undefined
          ? callback
          : { ...callback, state: Redacted.make(`${Redacted.value(callback.state)} `) }
      }
    })
  },
  {
    id: "prov-start-throws",
    law: "PROV-34",
    defect: "Throws on a query that it does not know.",
    change: ({ readStart }) => ({
      readStart: (query) => {
        if (!query.has("selling_partner_id")) throw new TypeError("selling_partner_id is required")
        return readStart(query)
      }
    })
  },
  {
    id: "prov-start-repeats",
    law: "PROV-34",
    defect: "Repeats values of the query in its detail.",
    change: ({ readStart }) => ({
      readStart: (query) => {
        const start = readStart(query)
        return start._tag === "Unacceptable"
          ? { ...start, detail: `${start.detail}: ${decodeURIComponent(query.toString())}` }
          : start
      }
    })
  }
])

/** Each parameter of a query once, as it came first. */
function firsts(query: URLSearchParams): Array<[string, string]> {
  const seen = new Map<string, string>()
  for (const [name, value] of query) if (!seen.has(name)) seen.set(name, value)
  return [...seen]
}
