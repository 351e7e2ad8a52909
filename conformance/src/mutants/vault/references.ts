/** Vaults that take one reference for another: VAULT-26; or any text for a reference: VAULT-30. */
import { TokenVault } from "@portolan/ports"
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

/** Has no width, as a map has none. */
export const anyReference = mutant("vault-any-reference", "VAULT-30", "Stores secrets under names of any length.", {
  faultPoints: { isReference: () => true }
})

/** Forgets that a name may be missing. */
export const emptyReference = mutant("vault-empty-reference", "VAULT-30", "Checks only that a name is not too long.", {
  faultPoints: { isReference: (text) => text.length <= TokenVault.referenceLimit }
})

/** Cuts what the column does not hold. */
export const cutReference = mutant("vault-cut-reference", "VAULT-30", "Cuts a name to the width of its column.", {
  faultPoints: {
    isReference: (text) => text !== "",
    place: (organizationId, reference) =>
      JSON.stringify([organizationId, reference.slice(0, TokenVault.referenceLimit)]),
    bound: (organizationId, reference, version) =>
      JSON.stringify([organizationId, reference.slice(0, TokenVault.referenceLimit), version])
  }
})
