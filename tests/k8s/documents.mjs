// The sets of manifests that are checked, and what kubectl renders of them.
import {execFileSync} from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {build, buildOf, parseYaml} from "./kustomize.mjs";

export const root = process.env.TANDEM_ROOT;
const k8s = path.join(root, "k8s");

// Of the files that an overlay reads and nobody commits.
const madeUp = {
  keys: `k1 ${"0".repeat(64)}\n`,
  "postgres.env": "conninfo=postgresql://tandem@postgres.example/zone\n",
  "redis.env": "url=redis://redis.example:6379/0\n",
};

function folders(below) {
  return fs.readdirSync(path.join(k8s, below)).map((name) => `${below}/${name}`);
}

// What stands for itself: `base` and the overlays, below k8s/.
export function roots() {
  return ["base", ...folders("overlays")];
}

export function built(folder) {
  return build(path.join(k8s, folder), madeUp);
}

// What a kustomization makes that stands in no file: the base with `more`, its paths below k8s/.
export function builtFrom(more) {
  return buildOf({resources: ["base"], ...more}, k8s, madeUp);
}

// Everything that can be put together, by name: the roots, and the base with each component alone.
export function compositions() {
  return new Map([
    ...roots().map((folder) => [folder, built(folder)]),
    ...folders("components").map((component) => [`base + ${component}`, builtFrom({components: [component]})]),
  ]);
}

// kubectl's version as [major, minor], or null without one.
export function kubectlVersion() {
  try {
    const version = JSON.parse(execFileSync("kubectl", ["version", "--client", "-o", "json"], {encoding: "utf8"}));
    return [version.clientVersion.major, version.clientVersion.minor].map((part) => parseInt(part, 10));
  } catch {
    return null;
  }
}

// What kubectl renders of `folder` (below k8s/), in a copy with the files that are made up for it.
export function rendered(folder) {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), "tandem-k8s-"));
  try {
    fs.cpSync(k8s, copy, {recursive: true});
    for (const [name, text] of Object.entries(madeUp)) fs.writeFileSync(path.join(copy, folder, name), text);
    const objects = parseYaml(execFileSync("kubectl", ["kustomize", path.join(copy, folder)], {encoding: "utf8"}));
    // kustomize breaks long base64 into lines, which Kubernetes reads and the schema does not.
    for (const secret of objects.filter((object) => object.kind === "Secret"))
      for (const key of Object.keys(secret.data)) secret.data[key] = secret.data[key].replace(/\s/g, "");
    return objects;
  } finally {
    fs.rmSync(copy, {recursive: true});
  }
}
