// The light build ships without types of its own; what it leaves out, nothing here uses.
declare module "hls.js/light" {
  export * from "hls.js";
  export { default } from "hls.js";
}
