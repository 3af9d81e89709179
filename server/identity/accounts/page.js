// The pages that links in mails lead to. The key stands behind the `#`, so no server's log has it.
"use strict";

const act = location.pathname.split("/").pop();
const key = location.hash.slice(1);
const form = document.getElementById("form");
const said = document.getElementById("said");

async function ask(path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await answer.text();
  const data = text ? JSON.parse(text) : {};
  if (!answer.ok) throw Object.assign(new Error(data.error || "Something went wrong."), { code: data.code });
  return data;
}

function say(words) {
  said.textContent = words;
}

function title(words, text = "") {
  document.querySelector("h1").textContent = words;
  document.title = `${words} · Heddle`;
  document.getElementById("text").textContent = text;
}

// fields: [name, label, type, autocomplete]; `done` gets their values.
function show(fields, button, done) {
  form.replaceChildren();
  for (const [name, words, type, autocomplete] of fields) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { name, type, autocomplete, required: true });
    label.append(words, input);
    form.append(label);
  }
  const submit = Object.assign(document.createElement("button"), { textContent: button });
  form.append(submit);
  form.hidden = false;
  form.onsubmit = async (event) => {
    event.preventDefault();
    submit.disabled = true;
    say("");
    try {
      await done(Object.fromEntries(new FormData(form)));
    } catch (problem) {
      say(problem.message);
    }
    submit.disabled = false;
  };
}

function finish(words) {
  form.hidden = true;
  say(words);
}

const PASSWORD = ["password", "Password", "password", "current-password"];
const NEW_PASSWORD = ["password", "New password", "password", "new-password"];
const CODE = ["code", "Code of your second factor", "text", "one-time-code"];

async function signIn(email, password) {
  const answer = await ask("/auth/login", { email, password });
  if (!answer.mfaRequired) return answer.token;
  return new Promise((resolve) => {
    show([CODE], "Go on", async ({ code }) => {
      resolve((await ask("/auth/login/mfa", { mfaToken: answer.mfaToken, code })).token);
    });
  });
}

const pages = {
  verify() {
    title("Confirm your e-mail address");
    show([], "It is mine", async () => {
      try {
        const { email } = await ask("/auth/verify-email", { token: key });
        finish(`Thank you: ${email} is confirmed.`);
      } catch (problem) {
        if (problem.code !== "password_needed") throw problem;
        title("Finish your registration", "Enter the password you chose.");
        show([PASSWORD], "Finish", async ({ password }) => {
          await ask("/auth/verify-email", { token: key, password });
          finish("Your account is ready: sign in with it.");
        });
      }
    });
  },

  reset() {
    title("Choose a new password", "Every device is signed out then.");
    show([NEW_PASSWORD], "Change it", async ({ password }) => {
      await ask("/auth/password/reset", { token: key, password });
      finish("Your password is changed: sign in with the new one.");
    });
  },

  forgotten() {
    title("Forgotten your password?", "A link to choose a new one is sent to your address.");
    show([["email", "E-mail address", "email", "username"]], "Send it", async ({ email }) => {
      await ask("/auth/password/forgotten", { email });
      finish("If there is an account with this address, the mail is on its way.");
    });
  },

  email() {
    title("Your new e-mail address");
    show([], "Confirm it", async () => {
      const { email, pending } = await ask("/auth/email/confirm", { token: key });
      finish(pending ? "Confirmed. The link in the mail to the other address is still to be opened."
        : `Your account uses ${email} now.`);
    });
  },

  async invitation() {
    title("An invitation");
    const invitation = await ask("/api/v1/invitations/look", { token: key });
    const place = invitation.workspaceName ? `the workspace “${invitation.workspaceName}”` : "this server";
    const { email } = invitation;
    title("An invitation", `You (${email}) are invited to ${place}.`);
    const come = async (password) => {
      await ask("/api/v1/invitations/accept", { token: key }, await signIn(email, password));
      finish("Welcome!");
    };
    show([["username", "Your name", "text", "name"], NEW_PASSWORD], "Make an account", async (given) => {
      try {
        await ask("/auth/register", { email, invitation: key, ...given });
        finish("Welcome! Sign in with your new account.");
      } catch (problem) {
        if (problem.code !== "account_exists" && problem.code !== "registration_closed") throw problem;
        known();
        say(problem.message);
      }
    });
    const known = () => show([PASSWORD], "Sign in and accept", ({ password }) => come(password));
    const other = Object.assign(document.createElement("button"), {
      type: "button", textContent: "I have an account", onclick: known,
    });
    form.append(" ", other);
  },
};

async function start() {
  try {
    await pages[act]();
  } catch (problem) {
    say(problem.message);
  }
}

start();
