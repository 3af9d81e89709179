import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { CodeForm } from "../../src/signin/CodeForm";
import { PasswordForm } from "../../src/signin/PasswordForm";

const USER = { id: "u", email: "ada@example.org", username: "Ada", role: "member" };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** The server answers these, one after the other; what it was sent comes back. */
function answers(...queue: [number, object, Record<string, string>?][]): unknown[] {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", (url: URL, init: RequestInit) => {
    sent.push([url.pathname, JSON.parse(init.body as string)]);
    const [status, body, headers = {}] = queue.shift() ?? [500, {}];
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers }));
  });
  return sent;
}

function type(label: string, text: string): void {
  fireEvent.change(screen.getByLabelText(label), { target: { value: text } });
}

test("a wrong password is told in words, too many tries with the time to wait", async () => {
  const sent = answers([401, { code: "wrong_credentials" }], [429, {}, { "Retry-After": "30" }], [503, {}]);
  render(<PasswordForm problem={null} onIn={() => undefined} onCode={() => undefined} />);
  type("E-mail", "ada@example.org");
  type("Password", "wrong");
  const press = () => fireEvent.submit(screen.getByRole("button", { name: "Sign in" }));
  press();
  expect(await screen.findByText("The e-mail address or the password is wrong.")).toBeTruthy();
  press();
  expect(await screen.findByText("Too many tries. Wait 30 seconds, then try again.")).toBeTruthy();
  press();
  expect(await screen.findByText(/The server does not answer/)).toBeTruthy();
  expect(sent[0]).toEqual(["/auth/login", { email: "ada@example.org", password: "wrong", cookie: true }]);
});

test("the second factor is asked where it is owed, and the password again where it took too long", async () => {
  const over: string[] = [];
  const came: unknown[] = [];
  answers([200, { mfaRequired: true, mfaToken: "half" }], [401, { code: "wrong_code" }]);
  const { unmount } = render(
    <PasswordForm problem="Before" onIn={() => undefined} onCode={(token) => came.push(token)} />,
  );
  expect(screen.getByRole("alert").textContent).toBe("Before");
  fireEvent.submit(screen.getByRole("button"));
  await vi.waitFor(() => expect(came).toEqual(["half"]));
  unmount();

  render(<CodeForm mfaToken="half" onIn={(pass) => came.push(pass.user)} onOver={(why) => over.push(why)} />);
  type("Code", " 123456 ");
  const press = () => fireEvent.submit(screen.getByRole("button", { name: "Sign in" }));
  press();
  expect(await screen.findByText(/This code is wrong/)).toBeTruthy();
  const sent = answers([401, { code: "token_expired" }], [200, { token: "t", expiresIn: 9, user: USER }]);
  press();
  await vi.waitFor(() => expect(over.length).toBe(1));
  press();
  await vi.waitFor(() => expect(came).toEqual(["half", USER]));
  expect(sent[0]).toEqual(["/auth/login/mfa", { mfaToken: "half", code: "123456", cookie: true }]);
});
