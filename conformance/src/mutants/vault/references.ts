/** Vaults that take one reference for another: VAULT-26. */
import { mutant } from "./mutant.ts"

/** The parts of a reference, and an empty one is none. */
const joined = (organizationId: string, reference: string) =>
  [organizationId, ...reference.split(/[:/]/)].filter(Boolean).join(":")

/** Joins parts and loses the empty ones. */
export const keyJoinCollision = mutant(
  "vault-key-join-collision",
  "VAULT-26",
  "Joins the parts of a reference to a storage key by a separator that they may hold, and drops empty ones.",
  {
    faultPoints: {
      place: joined,
      bound: (organizationId, reference, version) => JSON.stringify([joined(organizationId, reference), version])
    }
  }
)

/** Uses a collation that folds case. */
export const caseFold = mutant("vault-case-fold", "VAULT-26", "Keeps references in a column that ignores case.", {
  faultPoints: {
    place: (organizationId, reference) => `${organizationId} ${reference.toLowerCase()}`,
    bound: (organizationId, reference, version) => JSON.stringify([organizationId, reference.toLowerCase(), version])
  }
})
