import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Elsewhere } from "../../src/security/Elsewhere";
import { ConfirmForm } from "../../src/security/ConfirmForm";
import { useConfirmed } from "../../src/security/useConfirmed";
import { bytes, text } from "../../src/session/passkeys";
import { MoreWays } from "../../src/signin/MoreWays";

const COMPANY = { id: "company", name: "Company", startPath: "/auth/oidc/company/start" };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** The server answers these, one after the other; what it was sent comes back. */
function answers(...queue: [number, object][]): [string, unknown][] {
  const sent: [string, unknown][] = [];
  vi.stubGlobal("fetch", (url: URL, init: RequestInit = {}) => {
    sent.push([url.pathname, init.body ? JSON.parse(init.body as string) : null]);
    const [status, body] = queue.shift() ?? [500, {}];
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  return sent;
}

test("bytes come back from base64url as they were", () => {
  const all = Uint8Array.from({ length: 256 }, (_, at) => at);
  expect(bytes(text(all.buffer))).toEqual(all);
  expect(text(Uint8Array.from([251, 255]).buffer)).toBe("-_8");
});

test("a provider's button leads there, and back to where somebody was going", async () => {
  answers([200, { passkeys: true, providers: [COMPANY] }]);
  render(<MoreWays next={`${location.origin}/search?q=a`} onIn={() => undefined} />);
  const link = await screen.findByRole("link", { name: "Sign in with Company" });
  expect(link.getAttribute("href")).toBe("/auth/oidc/company/start?next=%2Fsearch%3Fq%3Da");
  // This browser has no passkeys.
  expect(screen.queryByRole("button")).toBeNull();
});

test("a server that knows no other way shows none", async () => {
  const sent = answers([200, { passkeys: false, providers: [] }]);
  const { container } = render(<MoreWays next={location.origin} onIn={() => undefined} />);
  await vi.waitFor(() => expect(sent.length).toBe(1));
  expect(container.textContent).toBe("");
});

test("whoever signed in a while ago is asked for the password, and then it goes on", async () => {
  const Asked = () => {
    const confirmed = useConfirmed();
    return (
      <>
        {confirmed.asking && <ConfirmForm confirmed={confirmed} />}
        <p role="alert">{confirmed.problem}</p>
        <Elsewhere providers={[COMPANY]} list={[]} confirmed={confirmed} onChange={() => undefined} />
      </>
    );
  };
  const sent = answers(
    [403, { code: "sign_in_again", error: "Sign in again." }],
    [401, { code: "wrong_credentials", error: "The password is wrong." }],
    [200, { address: "#gone" }],
  );
  render(<Asked />);
  fireEvent.click(screen.getByRole("button", { name: "Connect Company" }));
  const password = await screen.findByLabelText("Password");
  fireEvent.change(password, { target: { value: "wrong" } });
  fireEvent.submit(password);
  expect(await screen.findByText("The password is wrong.")).toBeTruthy();
  fireEvent.change(password, { target: { value: "right" } });
  fireEvent.submit(password);
  await vi.waitFor(() => expect(location.hash).toBe("#gone"));
  expect(screen.queryByLabelText("Password")).toBeNull();
  const body = { provider: "company", next: "/" };
  expect(sent.map(([, said]) => said)).toEqual([
    body,
    { ...body, password: "wrong" },
    { ...body, password: "right" },
  ]);
});
