// tus-js-client sends a file: node tus-upload.mjs ENDPOINT FILE [OPTIONS as JSON]
// Options: metadata, headers, chunkSize, deferLength (the file is then read as a stream of unknown length),
// abortAfter (bytes; the upload is broken off there once and resumed by its address). Prints {"url": ..., "bytes": ...}.
import { createReadStream } from "node:fs";
import { PassThrough } from "node:stream";
import { Upload } from "tus-js-client";

const [endpoint, file, json] = process.argv.slice(2);
const { abortAfter, deferLength, ...options } = json ? JSON.parse(json) : {};
// The client looks through an fs.ReadStream at the file, and then never notices the end of a deferred upload.
const input = () => (deferLength ? createReadStream(file).pipe(new PassThrough()) : createReadStream(file));

function send(extra, stopAt) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(input(), {
      endpoint,
      retryDelays: [100, 200, 400],
      uploadLengthDeferred: Boolean(deferLength),
      ...options,
      ...extra,
      onError: reject,
      onSuccess: () => resolve({ url: upload.url, done: true }),
      onChunkComplete: (_, acked) => {
        if (stopAt && acked >= stopAt) {
          upload.abort().then(() => resolve({ url: upload.url, done: false }), reject);
        }
      },
    });
    upload.start();
  });
}

let result = await send({}, abortAfter);
if (!result.done) {
  result = await send({ uploadUrl: result.url });
}
console.log(JSON.stringify({ url: result.url }));
