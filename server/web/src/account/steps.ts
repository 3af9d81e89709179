/** What the pages ask that links in letters lead to, one question after another. The key of a link is behind its `#`. */

import { messages, refusal } from "../messages";
import { words } from "../messages/account";
import type { Act } from "../routes";
import { login, loginWithCode, type AuthAnswer } from "../session/auth";
import { session } from "../session/session";
import { signedFetch } from "../session/signedFetch";
import { inWords } from "../signin/problems";

export type Field = "email" | "password" | "newPassword" | "username" | "code";
export type Values = Readonly<Record<Field, string>>;

/** One question. What is done with its answer leads to another one, or to words with which all is done. */
export interface Step {
  title: string;
  text?: string;
  fields: readonly Field[];
  go: string;
  act: (values: Values) => Promise<Step | string>;
  other?: { go: string; step: Step };
}

/** Why something was not done, in words; `code` is the server's. */
export class Refused extends Error {
  constructor(
    sentence: string,
    readonly code = "",
  ) {
    super(sentence);
  }
}

/** Rejects with Refused. */
export async function begin(act: Act, key: string): Promise<Step> {
  return BEGIN[act](key);
}

const BEGIN: Readonly<Record<Act, (key: string) => Step | Promise<Step>>> = {
  verify: (key) => ({
    title: words.verify.title,
    fields: [],
    go: words.verify.go,
    act: async () => {
      try {
        const { email } = await ask<{ email: string }>("/auth/verify-email", { token: key });
        return words.verify.done(email);
      } catch (reason) {
        if (reason instanceof Refused && reason.code === "password_needed") return finishing(key);
        throw reason;
      }
    },
  }),
  reset: (key) => ({
    title: words.reset.title,
    text: words.reset.text,
    fields: ["newPassword"],
    go: words.reset.go,
    act: async ({ newPassword }) => {
      await ask("/auth/password/reset", { token: key, password: newPassword });
      return words.reset.done;
    },
  }),
  forgotten: () => ({
    title: words.forgotten.title,
    text: words.forgotten.text,
    fields: ["email"],
    go: words.forgotten.go,
    act: async ({ email }) => {
      await ask("/auth/password/forgotten", { email });
      return words.forgotten.done;
    },
  }),
  email: (key) => ({
    title: words.address.title,
    fields: [],
    go: words.address.go,
    act: async () => {
      const changed = await ask<{ email: string; pending: boolean }>("/auth/email/confirm", { token: key });
      return changed.pending ? words.address.pending : words.address.done(changed.email);
    },
  }),
  invitation: async (key) => {
    const asked = await ask<Invitation>("/api/v1/invitations/look", { token: key });
    return joining(key, asked);
  },
};

interface Invitation {
  email: string;
  workspaceName?: string | null;
}

function finishing(key: string): Step {
  return {
    title: words.verify.finishTitle,
    text: words.verify.finishText,
    fields: ["password"],
    go: words.verify.finish,
    act: async ({ password }) => {
      await ask("/auth/verify-email", { token: key, password });
      return words.verify.ready;
    },
  };
}

function joining(key: string, { email, workspaceName }: Invitation): Step {
  const invited = {
    title: words.invitation.title,
    text: workspaceName ? words.invitation.workspace(email, workspaceName) : words.invitation.server(email),
  };
  const accept = async () => {
    await ask("/api/v1/invitations/accept", { token: key }, signedFetch);
    return words.invitation.accepted;
  };
  const entered = async (answer: AuthAnswer): Promise<Step | string> => {
    if (answer.kind === "in") {
      session.enter(answer.pass);
      return accept();
    }
    if (answer.kind !== "code") throw new Refused(inWords(answer));
    const { mfaToken } = answer;
    const act = async ({ code }: Values) => entered(await loginWithCode(mfaToken, code));
    return { ...invited, fields: ["code"], go: words.goOn, act };
  };
  const known: Step = {
    ...invited,
    fields: ["password"],
    go: words.invitation.accept,
    act: async ({ password }) => entered(await login(email, password)),
  };
  return {
    ...invited,
    fields: ["username", "newPassword"],
    go: words.invitation.make,
    act: async ({ username, newPassword }) => {
      await ask("/auth/register", { email, invitation: key, username, password: newPassword });
      return words.invitation.made;
    },
    other: { go: words.invitation.known, step: known },
  };
}

async function ask<T>(path: string, body: object, send: typeof signedFetch = fetch): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  const response = await send(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(
    () => null,
  );
  if (!response) throw new Refused(messages.signIn.problems.unreachable);
  const text = await response.text().catch(() => "");
  if (response.ok) return (text ? JSON.parse(text) : {}) as T;
  throw refused(text);
}

function refused(text: string): Refused {
  try {
    const { code, error } = JSON.parse(text) as { code?: string; error?: string };
    return new Refused(refusal(code, error ?? words.failed), code);
  } catch {
    return new Refused(words.failed);
  }
}
