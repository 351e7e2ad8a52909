export * as KeyRingTransit from "./KeyRingTransit.ts"
export * as SecretsCrypto from "./SecretsCrypto.ts"
