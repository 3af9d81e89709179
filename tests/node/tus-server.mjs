// @tus/server with its file store on a free loopback port: node tus-server.mjs FOLDER
// Prints {"port": N} once it listens; ends with SIGTERM.
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const directory = process.argv[2];
const server = new Server({ path: "/files", datastore: new FileStore({ directory }) });
const listener = server.listen({ host: "127.0.0.1", port: 0 }, () => {
  console.log(JSON.stringify({ port: listener.address().port }));
});
process.on("SIGTERM", () => process.exit(0));
