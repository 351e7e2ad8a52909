/**
 * The key pair of the simulated API partner. It was made for this simulator, is public, and opens nothing anywhere
 * else: Walmart's partners make their own
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access). It is fixed because
 * a seed cannot make RSA keys fast enough for tests that build thousands of worlds.
 */
import { createPublicKey } from "node:crypto"

/** A test key, PKCS#8. Simulation only. */
export const privateKey = `-----BEGIN PRIVATE KEY-----
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQD4mI8ZGrApDesT
Gk3iyQH2+N+9incaF5BGFlyyFyYV4UIuBAtQpLCdy+Z1g/zLyfsHSVE1/sfR3icH
tW25r253teWqujutARz/L9oGCuuc0fdK2p3DGCO7d8Pr/whPg9f8CKkj6pIU0vew
AcQYeldHJeK1UDwSKv72qALxrrr1yRqhFpyFHQGfmyfENasBo3ZVUftqp+3speae
pCo4gIpbbKI1dOwJhWrXpJYuFOcDzWrJcb56qLGl8U+rWgSv+PYH+xS1YEIv4X7t
mjdkMNmFBnupD0WiPGJsqhK5TRv9F2yL6iF/SrEIgE2KB3sViaH1t6O7coa6qA3w
af3JDlUhAgMBAAECgf9rPeT9f3XfQBHY+8/9tZkTYemjashWiTPECIGUkkfryHE0
SKpY77MBX6TbrUSw5UFVs1tFX9PzxVIxESN0pymQmveo3w4/Y+uOaqYzVSKvVCTK
NeU49ID1roTmme6L3uSd5V6SD+9U7G3Nj/V4Wc6s8rsKXMKNU98JqREcEbS1smIR
VHhP4E4FDE8gbKQGav2yc8pjF0VYBKho0tVZ7vDZl4227Qy+6NfV03R5O75aL8WP
qWjOWMS6EIGoDMWjCWu8lG+CCFzuKsKjen1p4narFhJnkzg4J+AiAUMQNCvAMaWK
gQkdJcE1a7XMr/P/gsENbKp5Uydxusk5M+sd43ECgYEA/akZyuv9PHHg5o8XDhFB
qxjDU5ovJQAhyJdrjZn2RoSv4dz4SQs0BtY/eRlUCOzJb4JNw+sYKdsZHD6HzrbA
j0Iw30nO7p1o5Q2dHklNxsQ//XV9nI1jG4tbB/xsG8+FneR+6yV/siORXVOy3F7g
Ar0lyZ7PqzFenFEQf2iDbdECgYEA+uOAItXlHRJAhOUvYO6B62w1cGiUPEDju626
uqNtVik96qn0tSPKcqZ0O4kWtjHVxITeNzHQZNndT3Q5YpkHlqxKK/HMcjorqdPY
SngLfULCv7UvJSOgHqjLKCKEmt5YPRYL2YANEziOWQcxaIiszd7EDaJhXZfBKLZp
PwyGtlECgYEA6CzpkNUkOzk404/RWGzvIH5P+qu7zzApvALszPVJeA5nNmMdVy5L
9p4QBvXp9ylUzx4Ds/nxag5DE5kgkVKxOe8p8JcMM1gc9NrbHyeVawOiVoo96Rd4
yXNqZQrkoSf3cyf8C5uNIC5yFWxQ4GhuvdMHTV5xUo6jvIxuf0/YTKECgYEApPMO
O9kFWae2Y6mLDN/C61WpjM41J6hCEhKWwj7Qk+Vpn+89xBpT8C0gHkRzejYppZr1
vrQxnxzeNG7li72xD48W9O10zWURcAaoHc3vP9u0zvYAmRpjG8U+TJTlOi0VNpRY
FhfqgMieTko8Yc36TyA3Jf+spCwyAuJrL9i8eQECgYBt+w1dHLAengnoyMghUuvE
yKbiDGYbLevsCCxuDB51wfT6R+hJtrZdo853ucWo0hBIt1xRzrsxzFUmuWlHIsOb
hbuBhs3ZZIF25BNgLykkntuEtEzRTWT2OtFiwtiWI3jYvDrkCPqo3Nq/h5sQwaMt
o4dKtuWgaldOAlLKTMGpLw==
-----END PRIVATE KEY-----
`

/** The public half, SPKI. */
export const publicKey: string = createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString()
