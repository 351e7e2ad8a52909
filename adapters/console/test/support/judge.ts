import type { AxeBuilder } from "@axe-core/playwright"

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

/**
 * What axe looks at: every rule at a desk in the light; at any other look the rules whose answer depends on widths, and in the
 * dark on colours, because the markup is the same.
 */
export const judge = (axe: AxeBuilder, width: number, colorScheme: "light" | "dark" = "light"): AxeBuilder =>
  width >= 1000 && colorScheme === "light"
    ? axe.withTags(tags)
    : axe.withRules(["target-size", "scrollable-region-focusable", ...(colorScheme === "dark" ? ["color-contrast"] : [])])
