/** What the laws about leases share. */
import { Duration } from "effect"
import { extended } from "../../Law.ts"
import type { Case } from "../../Case.ts"

/** These laws are for vaults that claim leases. */
export const level = extended("leases")

/** A minute in milliseconds. */
export const minute = 60_000

/** How far from a deadline a call has to be to be sure of its side: real time goes on where it does not stand still. */
export const edge = (testCase: Case) => (testCase.exactTime ? 1 : 5_000)

/** So many milliseconds. */
export const millisLong = (millis: number) => Duration.millis(millis)
