/** Passkeys as browsers have them, and as the server writes them: there, bytes are base64url. */

/** What the server asks the browser for. */
export interface CreateOptions extends Omit<PublicKeyCredentialCreationOptionsJSON, "user" | "extensions"> {
  user: { id: string; name: string; displayName: string };
}

export type UseOptions = Omit<PublicKeyCredentialRequestOptionsJSON, "extensions">;

export type Made =
  | { kind: "made"; credential: object }
  /** The person left the browser's dialogue, or took too long. */
  | { kind: "cancelled" }
  /** This authenticator holds one for the account already. */
  | { kind: "known" };

export const hasPasskeys = (): boolean => "PublicKeyCredential" in globalThis;

export async function makePasskey(options: CreateOptions): Promise<Made> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) })),
  } as PublicKeyCredentialCreationOptions;
  return ask(() => navigator.credentials.create({ publicKey }));
}

export async function showPasskey(options: UseOptions): Promise<Made> {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: [] };
  return ask(() => navigator.credentials.get({ publicKey: publicKey as PublicKeyCredentialRequestOptions }));
}

async function ask(dialogue: () => Promise<Credential | null>): Promise<Made> {
  try {
    const found = await dialogue();
    return found instanceof PublicKeyCredential
      ? { kind: "made", credential: written(found) }
      : { kind: "cancelled" };
  } catch (problem) {
    return {
      kind: problem instanceof DOMException && problem.name === "InvalidStateError" ? "known" : "cancelled",
    };
  }
}

/** As `toJSON()` writes it, which not all browsers have yet. */
function written({ id, rawId, type, response }: PublicKeyCredential): object {
  const said: Record<string, unknown> = { clientDataJSON: text(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    said.attestationObject = text(response.attestationObject);
    said.transports = response.getTransports();
  } else if (response instanceof AuthenticatorAssertionResponse) {
    said.authenticatorData = text(response.authenticatorData);
    said.signature = text(response.signature);
    said.userHandle = response.userHandle && text(response.userHandle);
  }
  return { id, rawId: text(rawId), type, response: said };
}

export function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const plain = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

export function text(buffer: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
