export * from "./driven/index.ts"
export * from "./driving/index.ts"
