/** Lists of vault calls as plain data, and the small register that knows the right answers. */
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import type { Case } from "../../Case.ts"
import { opening, type Turns } from "../../inTurn.ts"
import {
  clientsOf,
  client,
  organization,
  outcome,
  plainSecret,
  reference,
  references,
  secret,
  describe
} from "./support.ts"
import type { Vault, VaultInstance } from "./VaultInstance.ts"

/** Which version a swap expects, told without knowing versions: results are named, not embedded. */
export type Expectation = "current" | "one older" | "one newer" | "zero" | "of another reference"

/** One call. */
export type Command = { readonly client: 0 | 1; readonly organization: 0 | 1; readonly reference: string } & (
  | { readonly call: "get" }
  | { readonly call: "remove" }
  | { readonly call: "put" | "create"; readonly secret: string }
  | { readonly call: "swap"; readonly expects: Expectation; readonly secret: string }
)

/** What kind of call, and how often in relation to the others. */
export type Weights = Readonly<Record<Command["call"], number>>

const common = { client, organization, reference }

/** Calls of the first client on the first reference, for lists that have to begin with something certain. */
export const first = {
  get: { call: "get", client: 0, organization: 0, reference: references[0] },
  remove: { call: "remove", client: 0, organization: 0, reference: references[0] },
  put: { call: "put", client: 0, organization: 0, reference: references[0], secret: "first" },
  create: { call: "create", client: 0, organization: 0, reference: references[0], secret: "first" },
  swap: { call: "swap", client: 0, organization: 0, reference: references[0], expects: "current", secret: "first" },
  staleSwap: {
    call: "swap",
    client: 0,
    organization: 0,
    reference: references[0],
    expects: "one older",
    secret: "first"
  }
} as const satisfies Readonly<Record<string, Command>>

/** Draws lists of calls; every other list begins with these, whose outcome is certain. */
export const commandsAfter = (
  begin: ReadonlyArray<Command>,
  weights: Weights,
  maxLength = 14
): Turns<ReadonlyArray<Command>> => [
  opening(begin, commands(weights, { maxLength, minLength: 0 })),
  commands(weights, { maxLength, minLength: 2 })
]

/** Draws lists of calls. */
const commands = (weights: Weights, length: fc.ArrayConstraints): fc.Arbitrary<ReadonlyArray<Command>> => {
  const expects = fc.constantFrom<Expectation>(
    "current",
    "current",
    "one older",
    "one newer",
    "zero",
    "of another reference"
  )
  const call = fc.oneof(
    { weight: weights.get, arbitrary: fc.record({ call: fc.constant("get" as const), ...common }) },
    { weight: weights.remove, arbitrary: fc.record({ call: fc.constant("remove" as const), ...common }) },
    {
      weight: weights.put,
      arbitrary: fc.record({ call: fc.constant("put" as const), ...common, secret: plainSecret })
    },
    {
      weight: weights.create,
      arbitrary: fc.record({ call: fc.constant("create" as const), ...common, secret: plainSecret })
    },
    {
      weight: weights.swap,
      arbitrary: fc.record({ call: fc.constant("swap" as const), ...common, expects, secret: plainSecret })
    }
  )
  return fc.array<Command>(call, { ...length, size: "max" })
}

/** What the register holds for one reference. */
export interface Entry {
  readonly secret: string
  readonly version: number
}

/** What a call did, next to what the register knew before it. */
export interface Step {
  readonly command: Command
  readonly vault: Vault
  readonly before: Entry | undefined
  /** The largest version ever acknowledged for the reference; 0 if none. */
  readonly highest: number
  /** The version that a swap expected. */
  readonly expected: number
  readonly result: Result.Result<unknown, { readonly _tag: string }>
  /** What the call wrote, if it wrote: the text is made unique by the position of the call. */
  readonly text: string
}

const perform = (
  vault: Vault,
  organizationId: VaultInstance["organizations"][0],
  command: Command,
  { expected, text }: Pick<Step, "expected" | "text">
): Effect.Effect<Step["result"]> => {
  switch (command.call) {
    case "get":
      return outcome(vault.get(organizationId, command.reference))
    case "remove":
      return outcome(vault.remove(organizationId, command.reference))
    case "put":
      return outcome(vault.put(organizationId, command.reference, secret(text)))
    case "create":
      return outcome(vault.create(organizationId, command.reference, secret(text)))
    case "swap":
      return outcome(vault.compareAndSwap(organizationId, command.reference, expected, secret(text)))
  }
}

/**
 * Carries out a list of calls and shows each step to `judge`. The register follows what the vault acknowledged: a
 * disagreement is for the law that is about it to find, and the others go on from what was said.
 */
export const walk = Effect.fnUntraced(function* (
  instance: VaultInstance,
  list: ReadonlyArray<Command>,
  testCase: Case,
  judge: (step: Step) => Effect.Effect<void, unknown>
) {
  const clients = yield* clientsOf(instance, 2)
  const register = new Map<string, Entry>()
  const highest = new Map<string, number>()
  for (const [position, command] of list.entries()) {
    const key = `${command.organization} ${command.reference}`
    const before = register.get(key)
    const other = [...register.entries()].find(([each]) => each !== key)?.[1].version ?? 7
    const current = before?.version ?? highest.get(key) ?? 1
    const expected = expectedVersion(command, current, other)
    const text = "secret" in command ? `${command.secret}-${position}` : ""
    const vault = clients(command.client)
    const result = yield* perform(vault, instance.organizations[command.organization], command, { expected, text })
    testCase.note(`${show(command, expected)} -> ${describe(result)}`)
    yield* judge({ command, vault, before, highest: highest.get(key) ?? 0, expected, result, text })
    if (Result.isSuccess(result)) {
      if (command.call === "remove") register.delete(key)
      else if (command.call !== "get" && typeof result.success === "number") {
        register.set(key, { secret: text, version: result.success })
        highest.set(key, Math.max(result.success, highest.get(key) ?? 0))
      }
    }
  }
})

const expectedVersion = (command: Command, current: number, other: number): number => {
  if (command.call !== "swap") return 0
  switch (command.expects) {
    case "current":
      return current
    case "one older":
      return current - 1
    case "one newer":
      return current + 1
    case "zero":
      return 0
    case "of another reference":
      return other
  }
}

const show = (command: Command, expected: number) => {
  const swap = command.call === "swap" ? ` expecting ${expected}` : ""
  return `client ${command.client}: ${command.call}${swap} ${command.reference} of organization ${command.organization}`
}
