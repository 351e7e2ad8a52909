export * as Marketplace from "./Marketplace.ts"
export * as Region from "./Region.ts"
