// Renders as much of kustomize as k8s/ uses, for machines without a kubectl that can. A field that is not known here is an error, never
// left out; where kubectl can render, `k8s.render` holds this to its result.
import fs from "node:fs";
import path from "node:path";
import yaml from "js-yaml";
import {containersOf} from "./objects.mjs";

// Kubernetes reads YAML 1.1, where 0440 is octal.
const integer = yaml.types.int;
const schema = yaml.DEFAULT_SCHEMA.extend({
  implicit: [
    new yaml.Type(integer.tag, {
      kind: "scalar",
      resolve: (text) => integer.resolve(text),
      construct: (text) => (/^0[0-7]+$/.test(text) ? parseInt(text, 8) : integer.construct(text)),
    }),
  ],
});

export function parseYaml(text) {
  return yaml.loadAll(text, null, {schema}).filter((document) => document);
}

// Objects of the folder `folder`. `madeUp`: contents, by file name, of files that are never committed.
export function build(folder, madeUp = {}) {
  const [kustomization] = parseYaml(fs.readFileSync(path.join(folder, "kustomization.yaml"), "utf8"));
  if (kustomization.kind !== "Kustomization") throw new Error(`${folder} is no Kustomization but a ${kustomization.kind}`);
  return apply(kustomization, folder, [], madeUp);
}

// The same for a kustomization that stands in no file; its paths begin at `folder`.
export function buildOf(kustomization, folder, madeUp = {}) {
  return apply(kustomization, folder, [], madeUp);
}

const known = new Set([
  "apiVersion", "kind", "resources", "components", "secretGenerator", "configMapGenerator", "generatorOptions", "patches",
  "namespace", "labels", "images", "replicas",
]);

// What `kustomization` makes of `objects`, in the order of kustomize: resources, generators, components, then what changes all of them.
function apply(kustomization, folder, objects, madeUp) {
  for (const field of Object.keys(kustomization)) refuseUnless(known.has(field), `${folder}: ${field}`);
  refuseLeftOut(kustomization, folder);
  for (const name of kustomization.resources ?? []) {
    const file = path.join(folder, name);
    add(objects, fs.statSync(file).isDirectory() ? build(file, madeUp) : parseYaml(fs.readFileSync(file, "utf8")), file);
  }
  for (const kind of ["ConfigMap", "Secret"])
    for (const entry of kustomization[kind === "Secret" ? "secretGenerator" : "configMapGenerator"] ?? [])
      generate(kind, entry, kustomization.generatorOptions, folder, objects, madeUp);
  for (const name of kustomization.components ?? []) {
    const inner = path.join(folder, name);
    const [component] = parseYaml(fs.readFileSync(path.join(inner, "kustomization.yaml"), "utf8"));
    if (component.kind !== "Component") throw new Error(`${inner} is no Component but a ${component.kind}`);
    objects = apply(component, inner, objects, madeUp);
  }
  for (const entry of kustomization.patches ?? []) objects = patch(objects, entry, folder);
  if (kustomization.namespace) for (const object of objects) setNamespace(object, kustomization.namespace);
  for (const entry of kustomization.labels ?? []) {
    refuseUnless(Object.keys(entry).join() === "pairs", `${folder}: labels with more than pairs`);
    for (const object of objects) object.metadata.labels = {...object.metadata.labels, ...entry.pairs};
  }
  for (const entry of kustomization.replicas ?? []) {
    const targets = objects.filter((object) => object.kind === "Deployment" && object.metadata.name === entry.name);
    if (targets.length === 0) throw new Error(`${folder}: there is no Deployment ${entry.name} to have replicas`);
    for (const target of targets) target.spec.replicas = entry.count;
  }
  for (const entry of kustomization.images ?? []) for (const container of objects.flatMap(containersOf)) setImage(container, entry);
  return objects;
}

function refuseUnless(good, what) {
  if (!good) throw new Error(`${what}: tests/k8s/kustomize.mjs does not know this, teach it`);
}

// A manifest that lies there and is not used was forgotten.
function refuseLeftOut(kustomization, folder) {
  const used = new Set(["kustomization.yaml", ...(kustomization.resources ?? []), ...(kustomization.patches ?? []).map((entry) => entry.path)]);
  for (const name of fs.readdirSync(folder))
    if (name.endsWith(".yaml") && !used.has(name) && kustomization.kind) throw new Error(`${folder}/${name} is not in its kustomization`);
}

function add(objects, more, from) {
  for (const object of more) {
    const twin = objects.find((other) => other.kind === object.kind && other.metadata.name === object.metadata.name);
    if (twin) throw new Error(`${from}: ${object.kind} ${object.metadata.name} is there already`);
    objects.push(object);
  }
}

function generate(kind, entry, options, folder, objects, madeUp) {
  for (const field of Object.keys(entry)) refuseUnless(["name", "behavior", "files", "envs", "literals"].includes(field), `${folder}: ${field} of ${entry.name}`);
  refuseUnless(options?.disableNameSuffixHash, `${folder}: names with a hash`);
  const read = (name) => madeUp[name] ?? fs.readFileSync(path.join(folder, name), "utf8");
  const lines = [...(entry.literals ?? []), ...(entry.envs ?? []).flatMap((name) => read(name).split("\n").filter((line) => line && !line.startsWith("#")))];
  const files = (entry.files ?? []).map((file) => {
    const [key, name] = file.includes("=") ? file.split(/=(.*)/s) : [path.basename(file), file];
    return [key, read(name)];
  });
  const values = Object.fromEntries([...files, ...lines.map((line) => line.split(/=(.*)/s).slice(0, 2))]);
  const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, kind === "Secret" ? Buffer.from(value).toString("base64") : value]));
  if (entry.behavior === "merge") {
    const there = objects.find((object) => object.kind === kind && object.metadata.name === entry.name);
    if (!there) throw new Error(`${folder}: there is no ${kind} ${entry.name} to merge with`);
    Object.assign(there.data, data);
  } else {
    refuseUnless(entry.behavior === undefined, `${folder}: behavior ${entry.behavior}`);
    add(objects, [{apiVersion: "v1", kind, metadata: {name: entry.name}, ...(kind === "Secret" ? {type: "Opaque"} : {}), data}], folder);
  }
}

function setNamespace(object, namespace) {
  if (object.kind === "Namespace") object.metadata.name = namespace;
  else object.metadata.namespace = namespace;
}

function setImage(container, entry) {
  if (!container.image || container.image.replace(/:[^/:]+$/, "") !== entry.name) return;
  container.image = `${entry.newName ?? entry.name}:${entry.newTag}`;
}

// One entry of `patches`: a JSON patch or `$patch: delete` for all that the target says, by kind and name (anchored expressions).
function patch(objects, entry, folder) {
  for (const field of Object.keys(entry.target)) refuseUnless(["kind", "name"].includes(field), `${folder}: target by ${field}`);
  const meets = (wanted, value) => wanted === undefined || new RegExp(`^(?:${wanted})$`).test(value);
  const targets = objects.filter((object) => meets(entry.target.kind, object.kind) && meets(entry.target.name, object.metadata.name));
  // kustomize would say nothing; here it is a misspelt name.
  if (targets.length === 0) throw new Error(`${folder}: nothing is ${JSON.stringify(entry.target)}`);
  const [body] = parseYaml(entry.path ? fs.readFileSync(path.join(folder, entry.path), "utf8") : entry.patch);
  if (body.$patch === "delete") return objects.filter((object) => !targets.includes(object));
  refuseUnless(Array.isArray(body), `${folder}: a merging patch`);
  for (const target of targets) for (const operation of body) applyOperation(target, operation);
  return objects;
}

// One operation of RFC 6902 on `target`, in place.
export function applyOperation(target, operation) {
  const fail = (why) => {
    throw new Error(`${target.kind} ${target.metadata?.name}: ${JSON.stringify(operation)}: ${why}`);
  };
  const locate = (pointer) => {
    const keys = pointer.split("/").slice(1).map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = keys.pop();
    const parent = keys.reduce((at, key) => at?.[key], target);
    if (parent === undefined || parent === null || typeof parent !== "object") fail("there is no such place");
    if (Array.isArray(parent) && !/^(\d+|-)$/.test(last)) fail("this is a list");
    return [parent, last];
  };
  const [parent, key] = locate(operation.path);
  const there = Object.hasOwn(parent, key);
  const insert = (value) => {
    if (!Array.isArray(parent)) parent[key] = value;
    else if (key === "-") parent.push(value);
    else if (Number(key) > parent.length) fail("the list is shorter");
    else parent.splice(Number(key), 0, value);
  };
  if (!there && ["replace", "remove", "test"].includes(operation.op)) fail("there is nothing");
  if (operation.op === "add") insert(structuredClone(operation.value));
  else if (operation.op === "replace") parent[key] = structuredClone(operation.value);
  else if (operation.op === "remove") Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key];
  else if (operation.op === "test") difference(parent[key], operation.value) === "" || fail(`it is ${JSON.stringify(parent[key])}`);
  else if (operation.op === "copy") {
    const [from, name] = locate(operation.from);
    if (!Object.hasOwn(from, name)) fail("there is nothing to copy");
    insert(structuredClone(from[name]));
  } else refuseUnless(false, `operation ${operation.op}`);
}

// Where two values differ, as "path: left, not right"; empty when they are equal whatever the order of their fields.
export function difference(left, right, at = "") {
  const composed = (value) => value !== null && typeof value === "object";
  if (!composed(left) || !composed(right) || Array.isArray(left) !== Array.isArray(right))
    return Object.is(left, right) ? "" : `${at}: ${JSON.stringify(left)}, not ${JSON.stringify(right)}`;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = difference(left[key], right[key], `${at}/${key}`);
    if (found) return found;
  }
  return "";
}
