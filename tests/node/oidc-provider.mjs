// A certified OpenID Connect provider. Whoever types a name into its development pages is that person; a line
// on standard input gives it new keys, as providers do when they like.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const [clientId, clientSecret, ...redirectUris] = process.argv.slice(2);
const server = createServer((request, response) => handle(request, response));
let handle;

function freshKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
}

function begin(issuer) {
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: redirectUris }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    cookies: { keys: [randomUUID()] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: true, name: `${id} of Node` }),
    }),
    jwks: { keys: [freshKey()] },
  });
  handle = provider.callback();
}

server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const issuer = `http://127.0.0.1:${port}`;
  begin(issuer);
  console.log(JSON.stringify({ port }));
  createInterface({ input: process.stdin })
    .on("line", () => {
      begin(issuer);
      console.log(JSON.stringify({ rotated: true }));
    })
    .on("close", () => process.exit(0));
});
