/** Vaults that take one reference for another: VAULT-26. */
import { mutant } from "./mutant.ts"

/** Joins parts and loses the empty ones. */
export const keyJoinCollision = mutant(
  "vault-key-join-collision",
  "VAULT-26",
  "Builds the storage key by joining the parts of the reference with an unescaped separator.",
  {
    faultPoints: {
      place: (organizationId, reference) => [organizationId, ...reference.split(/[:/]/)].filter(Boolean).join(":"),
      bound: (organizationId, _reference, version) => `${organizationId} ${version}`
    }
  }
)

/** Uses a collation that folds case. */
export const caseFold = mutant("vault-case-fold", "VAULT-26", "Keeps references in a column that ignores case.", {
  faultPoints: {
    place: (organizationId, reference) => `${organizationId} ${reference.toLowerCase()}`,
    bound: (organizationId, _reference, version) => `${organizationId} ${version}`
  }
})
