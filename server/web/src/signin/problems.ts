import { messages, refusal } from "../messages";
import type { Trouble } from "../session/auth";

/** Why somebody could not be signed in, in words that help. */
export function inWords(answer: Trouble): string {
  const words = messages.signIn.problems;
  if (answer.kind === "unreachable") return words.unreachable;
  if (answer.status === 429 && answer.retryAfterS !== null) return words.wait(answer.retryAfterS);
  if (answer.code === "wrong_credentials") return words.wrongPassword;
  if (answer.code === "wrong_code") return words.wrongCode;
  return refusal(answer.code, answer.sentence || words.unreachable);
}
