/** `npm run keys`: what hangs on which master key, changing keys, trying whether everything opens, and shredding. */
import { Id } from "@portolan/domain"
import { MasterKeys, VaultKeys } from "@portolan/ports"
import { DataKeys, Store, VaultKeysPostgres } from "@portolan/postgres"
import { Effect, Layer, Result, Schema } from "effect"
import * as DeploymentSecrets from "./DeploymentSecrets.ts"
import * as KeyFile from "./KeyFile.ts"
import { keyRing } from "./keyRing.ts"
import { database } from "./layers.ts"
import type { Settings } from "./Settings.ts"
import { KeyInUse, KeysInSettings } from "./StartError.ts"

export { keyRing }

/** What is asked for. */
export type Action =
  | { readonly _tag: "status" | "rotate" | "verify" }
  | { readonly _tag: "retire"; readonly keyId: string }
  | { readonly _tag: "shred"; readonly organizationId: Id.OrganizationId; readonly isSure: boolean }

/** What was typed. */
export interface Options {
  readonly action: Action
  readonly json: boolean
}

/** What the command understands. */
export const usage = `npm run keys -- status           which master key seals what, and which is missing
npm run keys -- rotate           makes a new key, lets it seal, and seals everything anew
npm run keys -- verify           tries whether every secret opens; shows none
npm run keys -- retire KEY       takes a key out of DATA_DIR/secrets.json that nothing hangs on
npm run keys -- shred ORG --yes  destroys every secret of an organization, for ever
                --json           one JSON object instead of words`

/** The words do not say what to do. */
export class UnknownAction extends Schema.TaggedError<UnknownAction>()("UnknownAction", { given: Schema.String }) {
  override get message(): string {
    return `It is not clear what to do with '${this.given}'.\n\n${usage}`
  }
}

const isOrganization = Schema.is(Id.OrganizationId)

/** Reads what was typed. */
export const parse = (words: ReadonlyArray<string>): Result.Result<Options, UnknownAction> => {
  const flags = words.filter((word) => word.startsWith("--"))
  const [name = "", about, ...rest] = words.filter((word) => !word.startsWith("--"))
  const refused = Result.fail(new UnknownAction({ given: words.join(" ").slice(0, 200) }))
  const isSure = flags.includes("--yes")
  if (rest.length > 0 || flags.some((flag) => flag !== "--json" && !(flag === "--yes" && name === "shred")))
    return refused
  const options = (action: Action) => Result.succeed({ action, json: flags.includes("--json") })
  switch (name) {
    case "status":
    case "rotate":
    case "verify":
      return about === undefined ? options({ _tag: name }) : refused
    case "retire":
      return about === undefined ? refused : options({ _tag: name, keyId: about })
    case "shred":
      return isOrganization(about) ? options({ _tag: name, organizationId: about, isSure }) : refused
    default:
      return refused
  }
}

/** The care for keys over the database of an installation, and nothing else of it. */
export const custody = (settings: Settings, secrets: DeploymentSecrets.DeploymentSecrets) =>
  MasterKeys.MasterKeys.layer.pipe(
    Layer.provide(VaultKeysPostgres.layer),
    Layer.provide(DataKeys.layer),
    Layer.provide(keyRing(settings, secrets)),
    Layer.provide(Store.layer),
    Layer.provide(database(settings))
  )

/** Where the command writes to. */
export interface Output {
  /** A line of the result. */
  readonly line: (text: string) => void
  /** How far it is; each overwrites the one before. */
  readonly progress: (text: string) => void
}

const barWidth = 30

const bar = (done: number, of: number): string => {
  const filled = of === 0 ? barWidth : Math.round((done / of) * barWidth)
  return `[${"#".repeat(filled)}${".".repeat(barWidth - filled)}] ${done} of ${of}`
}

const stateWords: { readonly [S in VaultKeys.KeyUse["state"]]: string } = {
  active: "seals",
  "opens-only": "only opens",
  missing: "MISSING"
}

const lineOf = ({ dataKeys, keyId, organizations, secrets, state }: VaultKeys.KeyUse): string =>
  `${keyId}  ${stateWords[state]}  ${secrets} secrets and ${dataKeys} data keys of ${organizations} organizations`

/** A count as people read it; `MasterKeys.look` counts up to a limit. */
export const counted = (count: number): string => (count === VaultKeys.countLimit ? `${count} or more` : String(count))

/** What to do about a key that is not at hand. */
export const missingText = ({ keyId, organizations, secrets }: VaultKeys.KeyUse): string =>
  `Master key ${keyId} is not at hand: ${counted(secrets)} secrets of ${counted(organizations)} organizations hang ` +
  "on it. " +
  "Put it back, after the first of MASTER_KEYS or of DATA_DIR/secrets.json, and restart. Nothing is lost meanwhile."

type Care = MasterKeys.MasterKeys["Service"]

const showStatus = Effect.fnUntraced(function* (care: Care, json: boolean, { line }: Output) {
  const state = yield* care.status()
  if (json) line(JSON.stringify(state))
  else {
    for (const key of state.keys) line(lineOf(key))
    for (const key of state.missing) line(missingText(key))
    if (state.behind > 0) line(`${state.behind} secrets are to be sealed anew; a worker does it, or: rotate`)
    for (const keyId of state.retirable) line(`Nothing hangs on ${keyId}: it can be retired.`)
  }
  return state.missing.length === 0
})

const sealAnew = Effect.fnUntraced(function* (care: Care, json: boolean, { line, progress }: Output) {
  const begun = Date.now()
  const { behind } = yield* care.status()
  const done = yield* care.rewrapAll(({ rewrapped }) => Effect.sync(() => progress(bar(rewrapped, behind))))
  const { keys, retirable } = yield* care.status()
  const active = keys.find(({ state }) => state === "active")?.keyId ?? ""
  const seconds = (Date.now() - begun) / 1000
  if (json) line(JSON.stringify({ active, ...done, seconds, retirable }))
  else {
    line(`${done.rewrapped} secrets were sealed anew with ${active} in ${seconds.toFixed(1)} s.`)
    if (done.stuck > 0) line(`${done.stuck} could not be: see status and verify.`)
    for (const keyId of retirable) line(`Nothing hangs on ${keyId}: it can be retired in two minutes.`)
  }
  return done.stuck === 0
})

const tryAll = Effect.fnUntraced(function* (care: Care, json: boolean, { line, progress }: Output) {
  const { keys } = yield* care.status()
  const all = keys.reduce((sum, { secrets }) => sum + secrets, 0)
  const found = yield* care.verify((tried) => Effect.sync(() => progress(bar(tried, all))))
  if (json) line(JSON.stringify(found))
  else {
    line(`${found.opened} secrets open, ${found.unopened.length} do not.`)
    for (const { because, organizationId, reference } of found.unopened)
      line(`${organizationId} ${JSON.stringify(reference)}: ${because}`)
  }
  return found.unopened.length === 0
})

const retireKey = Effect.fnUntraced(function* (
  care: Care,
  keyFile: string | undefined,
  keyId: string,
  { json, line }: Output & Options
) {
  if (keyFile === undefined) return yield* new KeysInSettings({ doing: "retiring a key" })
  const used = (yield* care.status()).keys.find((key) => key.keyId === keyId)
  if (used !== undefined && used.secrets + used.dataKeys > 0) {
    const because = `${used.secrets} secrets and ${used.dataKeys} data keys hang on it; seal them anew first: rotate`
    return yield* new KeyInUse({ keyId, because })
  }
  yield* KeyFile.retire(keyFile, keyId)
  line(json ? JSON.stringify({ retired: keyId }) : `${keyId} is retired. What only it opens is lost for ever.`)
  return true
})

const shredOrganization = Effect.fnUntraced(function* (
  care: Care,
  { isSure, organizationId }: Extract<Action, { readonly _tag: "shred" }>,
  { json, line }: Output & Options
) {
  if (!isSure) {
    line(
      `This destroys every secret of ${organizationId}, for ever: its connections end, and no backup brings them ` +
        "back. Add --yes to do it."
    )
    return false
  }
  const { secrets, stillOpening } = yield* care.shred(organizationId)
  if (json) line(JSON.stringify({ organizationId, secrets, stillOpening }))
  else {
    line(`${secrets} secrets of ${organizationId} are gone.`)
    line(
      stillOpening.length === 0
        ? "Its key is gone as well: a dump from before opens nothing of it, and everything of the others."
        : `A dump from before still opens them with ${stillOpening.join(", ")}: rotate, and retire these keys.`
    )
  }
  return true
})

/** Carries the command out. Says whether all is well. */
export const run = Effect.fn("keys")(function* (settings: Settings, options: Options, output: Output) {
  const { action, json } = options
  const before = yield* DeploymentSecrets.load(settings, false)
  if (action._tag === "rotate" && before.keyFile !== undefined) {
    const made = yield* KeyFile.rotate(before.keyFile)
    if (!json) output.line(`${made} seals from now on.`)
  }
  const secrets = action._tag === "rotate" ? yield* DeploymentSecrets.load(settings, false) : before
  return yield* Effect.gen(function* () {
    const care = yield* MasterKeys.MasterKeys
    switch (action._tag) {
      case "status":
        return yield* showStatus(care, json, output)
      case "rotate":
        return yield* sealAnew(care, json, output)
      case "verify":
        return yield* tryAll(care, json, output)
      case "retire":
        return yield* retireKey(care, secrets.keyFile, action.keyId, { ...output, ...options })
      case "shred":
        return yield* shredOrganization(care, action, { ...output, ...options })
    }
  }).pipe(Effect.provide(custody(settings, secrets)))
})
