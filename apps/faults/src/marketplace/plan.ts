/** What starts in a world, drawn from a seed, so that every run of it is the same. */
import { numbers } from "../identity/plan.ts"
import { type Door, free, type Kind, kinds, type Seller } from "./door.ts"

/** One start. */
export interface Start {
  readonly kind: Kind
  readonly seller: Seller
  /** Draws what the kind leaves open: which parameter is missing, where a flow is left. */
  readonly draw: number
}

const drawKind = (weights: Door["weights"], at: number): Kind => {
  let left = at * Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  for (const kind of kinds) {
    left -= weights[kind] ?? 0
    if (left < 0) return kind
  }
  return "renew"
}

/** Draws the starts of a seed at a door. */
export const planOf = ({ weights }: Door, seed: number, count: number): ReadonlyArray<Start> => {
  const next = numbers(seed)
  return Array.from({ length: count }, () => {
    const kind = drawKind(weights, next())
    const other = free[Math.floor(next() * free.length)] ?? "nia"
    const draw = next()
    if (kind === "renew") return { kind, seller: "olga", draw }
    if (kind === "foreign") return { kind, seller: "rita", draw }
    return { kind, seller: kind === "twice" && draw < 0.5 ? "olga" : other, draw }
  })
}
