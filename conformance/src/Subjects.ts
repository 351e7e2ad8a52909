import { given } from "@portolan/domain"
import type { Instance, Subject } from "./Subject.ts"
import type { RepositoryInstance } from "./laws/repository/RepositoryInstance.ts"
import type { VaultInstance } from "./laws/vault/VaultInstance.ts"

const marker = Symbol.for("@portolan/conformance/Subjects")

/** The adapters that one module offers for testing, by port. */
export interface Subjects {
  readonly tokenVault?: Subject<VaultInstance>
  readonly repository?: Subject<RepositoryInstance>
}

/** The same, as an author writes them: the port `repository` also under the name that it had before. */
export interface OfferedSubjects extends Subjects {
  /** @deprecated Write `repository`. */
  readonly connectionStore?: Subject<RepositoryInstance>
}

/** What a module given to `--subject` exports by default. */
export const defineSubjects = ({ connectionStore, ...subjects }: OfferedSubjects): Subjects => {
  const repository = subjects.repository ?? connectionStore
  return Object.assign({ ...subjects, ...given({ repository }) }, { [marker]: true })
}

/** Tells whether a value was made by `defineSubjects`. */
export const isSubjects = (value: unknown): value is Subjects =>
  typeof value === "object" && value !== null && marker in value

/** Lists the names of what a module offers. */
export const names = (subjects: Subjects): ReadonlyArray<string> =>
  Object.values(subjects)
    .filter((subject): subject is Subject<Instance> => typeof subject === "object" && subject !== null)
    .map((subject) => subject.name)
