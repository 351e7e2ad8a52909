export * as Attempts from "./Attempts.ts"
export * as IdentityBetterAuth from "./IdentityBetterAuth.ts"
export * as IdentityImport from "./IdentityImport.ts"
export * as IdentitySeed from "./IdentitySeed.ts"
