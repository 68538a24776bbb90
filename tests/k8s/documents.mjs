// Reading manifests: from the files of k8s/base, or as kustomize renders them.
import {execFileSync} from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import yaml from "js-yaml";

export const root = process.env.TANDEM_ROOT;

export function readYaml(file) {
  return yaml.loadAll(fs.readFileSync(file, "utf8")).filter((document) => document);
}

// The objects of k8s/base as they stand in its files, with the images that its kustomization would put in.
export function baseObjects() {
  const folder = path.join(root, "k8s/base");
  const kustomization = readYaml(path.join(folder, "kustomization.yaml"))[0];
  const listed = new Set(kustomization.resources);
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".yaml") && name !== "kustomization.yaml");
  for (const name of files) if (!listed.has(name)) throw new Error(`k8s/base/${name} is not in its kustomization`);
  const objects = [...listed].flatMap((name) => readYaml(path.join(folder, name)));
  for (const container of objects.flatMap(containersOf)) {
    const image = kustomization.images.find((entry) => entry.name === container.image);
    if (image) container.image = `${image.newName}:${image.newTag}`;
  }
  return objects;
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

// Renders `folder` (below k8s/) with kustomize, in a copy with a keys file made up for it.
export function render(folder) {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), "tandem-k8s-"));
  try {
    fs.cpSync(path.join(root, "k8s"), copy, {recursive: true});
    fs.writeFileSync(path.join(copy, folder, "keys"), `k1 ${"0".repeat(64)}\n`);
    const text = execFileSync("kubectl", ["kustomize", path.join(copy, folder)], {encoding: "utf8"});
    const objects = yaml.loadAll(text).filter((document) => document);
    // kustomize breaks long base64 into lines, which Kubernetes reads and the schema does not.
    for (const secret of objects.filter((object) => object.kind === "Secret"))
      for (const key of Object.keys(secret.data)) secret.data[key] = secret.data[key].replace(/\s/g, "");
    return objects;
  } finally {
    fs.rmSync(copy, {recursive: true});
  }
}

export function overlays() {
  const folder = path.join(root, "k8s/overlays");
  return fs.readdirSync(folder).map((name) => `overlays/${name}`);
}

export function podSpecOf(object) {
  return object.spec?.template?.spec;
}

export function containersOf(object) {
  const pod = podSpecOf(object);
  return pod ? [...(pod.initContainers ?? []), ...pod.containers] : [];
}
