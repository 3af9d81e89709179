/** Calls a real server by its own description; started by `tests/contracts/test_clients.py`. */

import assert from "node:assert/strict";
import { call, type Send } from "../../src/api/client.ts";

const { HEDDLE_SERVER: server = "", HEDDLE_KEY: key = "" } = process.env;
const send: Send = (path, init) => {
  const headers = new Headers(init.headers);
  headers.set("X-API-Key", key);
  return fetch(server + path, { ...init, headers });
};

const header = { "Idempotency-Key": crypto.randomUUID() };
const body = { recordingType: "screen", title: "Typed" } as const;
const made = await call(send, "POST /api/v1/recordings", { header, body });
assert.ok(made.ok);
assert.equal(made.value.status, "preparing");
const again = await call(send, "POST /api/v1/recordings", { header, body });
assert.ok(again.ok);
assert.equal(again.value.id, made.value.id);
assert.equal(again.headers.get("Idempotency-Replayed"), "true");

const path = { recording_id: made.value.id };
const got = await call(send, "GET /api/v1/recordings/{recording_id}", { path });
const seen = { "If-Match": got.headers.get("ETag") ?? "" };
const change = { path, header: seen, body: { title: "Renamed" } };
const renamed = await call(send, "PATCH /api/v1/recordings/{recording_id}", change);
assert.ok(renamed.ok);
assert.equal(renamed.value.title, "Renamed");
const late = await call(send, "PATCH /api/v1/recordings/{recording_id}", change);
assert.ok(!late.ok);
assert.deepEqual([late.status, late.refusal?.code], [412, "changed"]);

const listed = await call(send, "GET /api/v1/recordings", { query: { q: "Renamed", size: 1 } });
assert.ok(listed.ok);
const ids = listed.value.data.map((one) => one.id);
assert.deepEqual([ids, listed.value.pagination.totalElements], [[made.value.id], 1]);

const nowhere = { recording_id: crypto.randomUUID() };
const missing = await call(send, "GET /api/v1/recordings/{recording_id}", { path: nowhere });
assert.ok(!missing.ok);
assert.equal(missing.refusal?.code, "recording_not_found");
assert.ok(missing.refusal.requestId);
const gone = await call(send, "DELETE /api/v1/recordings/{recording_id}", { path });
assert.deepEqual([gone.ok, gone.status], [true, 204]);
const everything = await call(send, "GET /api/v1/recordings");
assert.ok(everything.ok);
