/** What starts in a world, drawn from a seed, so that every run of it is the same. */
import { numbers } from "../identity/plan.ts"
import { free, type Seller } from "./world.ts"

/**
 * A kind of start. `renew`: our own seller. `new`: one that nobody has, or who came by an earlier start. `foreign`: a
 * rival's seller, by somebody of ours. `twice`: two starts at once, and each callback twice. `resumed`: left somewhere,
 * and begun again. The others are wrong from the beginning.
 */
export const kinds = [
  "renew",
  "new",
  "foreign",
  "twice",
  "resumed",
  "missing-parameter",
  "foreign-address",
  "other-application",
  "claimed-seller",
  "forged-callback",
  "other-browser"
] as const
/** A kind of start. */
export type Kind = (typeof kinds)[number]

/** One start. */
export interface Start {
  readonly kind: Kind
  readonly seller: Seller
  /** Draws what the kind leaves open: which parameter is missing, where a flow is left. */
  readonly draw: number
}

const weights: { readonly [K in Kind]: number } = {
  renew: 20,
  new: 22,
  foreign: 10,
  twice: 8,
  resumed: 10,
  "missing-parameter": 7,
  "foreign-address": 6,
  "other-application": 3,
  "claimed-seller": 5,
  "forged-callback": 5,
  "other-browser": 4
}

const drawKind = (at: number): Kind => {
  let left = at * Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  for (const kind of kinds) {
    left -= weights[kind]
    if (left < 0) return kind
  }
  return "renew"
}

/** Draws the starts of a seed. */
export const planOf = (seed: number, count: number): ReadonlyArray<Start> => {
  const next = numbers(seed)
  return Array.from({ length: count }, () => {
    const kind = drawKind(next())
    const other = free[Math.floor(next() * free.length)] ?? "nia"
    const draw = next()
    if (kind === "renew") return { kind, seller: "olga", draw }
    if (kind === "foreign") return { kind, seller: "rita", draw }
    return { kind, seller: kind === "twice" && draw < 0.5 ? "olga" : other, draw }
  })
}
