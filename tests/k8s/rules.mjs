// What must hold of the objects beyond their schema. Each rule returns its findings as text.
import fs from "node:fs";
import path from "node:path";
import {root} from "./documents.mjs";
import {allows, containersOf, flagsOf, labelsOf, named, of, podSpecOf, portOf, subset, title} from "./objects.mjs";
import {replicas, stores} from "./rules_replicas.mjs";

// Secrets that the platform or an overlay makes, and their keys.
const secrets = {"tandem-keys": ["keys"], "tandem-postgres": ["conninfo", "ca.crt"], "tandem-redis": ["url"]};

function podSecurity(objects) {
  const found = [];
  for (const object of objects.filter(podSpecOf)) {
    const pod = podSpecOf(object);
    const want = (good, what) => good || found.push(`${title(object)}: ${what}`);
    want(pod.securityContext?.runAsNonRoot === true, "runAsNonRoot must be true");
    want(pod.securityContext?.seccompProfile?.type === "RuntimeDefault", "seccompProfile must be RuntimeDefault");
    want(pod.automountServiceAccountToken === false, "automountServiceAccountToken must be false");
    want(!pod.hostNetwork && !pod.hostPID && !pod.hostIPC, "no host namespaces");
    want(!pod.volumes?.some((volume) => volume.hostPath), "no hostPath");
    for (const container of containersOf(object)) {
      const context = container.securityContext;
      want(context?.allowPrivilegeEscalation === false, `${container.name}: allowPrivilegeEscalation must be false`);
      want(context?.readOnlyRootFilesystem === true, `${container.name}: readOnlyRootFilesystem must be true`);
      want(context?.capabilities?.drop?.includes("ALL") && !context.capabilities.add, `${container.name}: must drop ALL`);
      for (const side of ["requests", "limits"])
        for (const resource of ["cpu", "memory"])
          want(container.resources?.[side]?.[resource], `${container.name}: resources.${side}.${resource} is missing`);
    }
  }
  return found;
}

function images(objects) {
  const found = [];
  const names = new Set();
  for (const container of objects.flatMap(containersOf)) {
    const [, name, tag] = container.image.match(/^(.*?)(?::([^/:]+))?$/);
    names.add(name);
    if (!tag || tag === "latest") found.push(`container ${container.name}: image ${container.image} has no fixed tag`);
  }
  if (names.size !== 1) found.push(`one image serves all, but there are ${[...names].join(", ")}`);
  return found;
}

// Ports and probes: one number in --listen, containerPort, the probes and the Service; health names that the contracts know.
function probes(objects) {
  const found = [];
  for (const object of of(objects, "Deployment")) {
    const container = podSpecOf(object).containers[0];
    const listen = portOf(flagsOf(container).get("--listen") ?? "");
    if (container.ports?.[0]?.containerPort !== listen) found.push(`${title(object)}: containerPort is not --listen's ${listen}`);
    const service = named(objects, "Service", object.metadata.name);
    if (service?.spec.ports[0].port !== listen) found.push(`${title(object)}: the Service's port is not ${listen}`);
    if (service?.spec.clusterIP !== "None" || !service?.spec.publishNotReadyAddresses)
      found.push(`${title(object)}: the Service must be headless and publish addresses that are not ready`);
    if (!subset(service?.spec.selector, object.spec.template.metadata.labels)) found.push(`${title(object)}: the Service selects other pods`);
    for (const kind of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      const probe = container[kind]?.grpc;
      if (!probe) found.push(`${title(object)}: ${kind} by gRPC is missing`);
      else if (probe.port !== listen) found.push(`${title(object)}: ${kind} asks port ${probe.port}, not ${listen}`);
      else if (probe.service && !contractHas(probe.service)) found.push(`${title(object)}: no contract has the service ${probe.service}`);
    }
    const last = container.command?.[0].split("/").pop();
    if (last !== object.metadata.name) found.push(`${title(object)}: runs ${last}`);
  }
  return found;
}

function contractHas(service) {
  const dot = service.lastIndexOf(".");
  const folder = path.join(root, "protos", service.slice(0, dot).replaceAll(".", "/"));
  if (!fs.existsSync(folder)) return false;
  return fs.readdirSync(folder).some((file) => new RegExp(`^service ${service.slice(dot + 1)} `, "m").test(fs.readFileSync(path.join(folder, file), "utf8")));
}

// A Secret has the key; it need not be among the objects, but must be one that the README tells to make.
function checkSecret(objects, name, key, miss) {
  const made = named(objects, "Secret", name);
  if (!secrets[name] || (key && !secrets[name].includes(key))) miss(`Secret ${name} with ${key} is made by nobody`);
  else if (made && key && made.data[key] === undefined) miss(`Secret ${name} has no ${key}`);
}

// Everything that is referred to by name exists.
function references(objects) {
  const found = [];
  for (const object of objects.filter(podSpecOf)) {
    const pod = podSpecOf(object);
    const miss = (what) => found.push(`${title(object)}: ${what}`);
    if (!named(objects, "ServiceAccount", pod.serviceAccountName)) miss(`ServiceAccount ${pod.serviceAccountName} does not exist`);
    if (!subset(object.spec.selector.matchLabels, object.spec.template.metadata.labels)) miss("the selector does not match the pod's labels");
    const mounted = new Set();
    for (const container of containersOf(object)) {
      const variables = new Set();
      for (const variable of container.env ?? []) {
        variables.add(variable.name);
        const reference = variable.valueFrom?.configMapKeyRef;
        if (reference && named(objects, "ConfigMap", reference.name)?.data?.[reference.key] === undefined)
          miss(`ConfigMap ${reference.name} has no ${reference.key}`);
        const secret = variable.valueFrom?.secretKeyRef;
        if (secret) checkSecret(objects, secret.name, secret.key, miss);
      }
      for (const [, name] of (container.args ?? []).join(" ").matchAll(/\$\((\w+)\)/g)) if (!variables.has(name)) miss(`$(${name}) is not set`);
      for (const mount of container.volumeMounts ?? []) {
        mounted.add(mount.name);
        if (!pod.volumes.some((volume) => volume.name === mount.name)) miss(`volume ${mount.name} does not exist`);
      }
      for (const value of flagsOf(container).values())
        if (value?.startsWith("/") && !container.volumeMounts?.some((mount) => value.startsWith(mount.mountPath))) miss(`${value} is not on a volume`);
    }
    for (const volume of pod.volumes ?? []) {
      if (!mounted.has(volume.name)) miss(`volume ${volume.name} is not used`);
      if (volume.secret && !volume.secret.optional) checkSecret(objects, volume.secret.secretName, undefined, miss);
      if (volume.secret && !secrets[volume.secret.secretName]) miss(`Secret ${volume.secret.secretName} is made by nobody`);
      const claim = volume.persistentVolumeClaim?.claimName;
      if (claim && !named(objects, "PersistentVolumeClaim", claim)) miss(`claim ${claim} does not exist`);
      if (claim && (object.spec.replicas !== 1 || object.spec.strategy.type !== "Recreate")) miss("a claim has one writer: one replica, strategy Recreate");
    }
    const config = named(objects, "ConfigMap", "tandem")?.data ?? {};
    const stopping = Number(config["lame-duck-seconds"]) + Number(config["drain-seconds"]);
    if (!(pod.terminationGracePeriodSeconds > stopping)) miss(`terminationGracePeriodSeconds must be more than ${stopping}`);
  }
  return found;
}

// Default deny, and for each address in a flag: the Service exists and both sides' policies let the call through.
function network(objects) {
  const found = [];
  const policies = of(objects, "NetworkPolicy");
  if (!policies.some((policy) => Object.keys(policy.spec.podSelector).length === 0 && policy.spec.policyTypes.length === 2 && !policy.spec.ingress && !policy.spec.egress))
    found.push("no NetworkPolicy denies everything by default");
  for (const object of of(objects, "Deployment")) {
    const mine = labelsOf(object);
    for (const [flag, value] of flagsOf(podSpecOf(object).containers[0])) {
      const match = value?.match(/^dns:\/\/\/([\w-]+):(\d+)$/);
      if (!match) continue;
      const [name, port] = [match[1], Number(match[2])];
      const service = named(objects, "Service", name);
      const served = named(objects, "Deployment", name);
      const peer = served && labelsOf(served);
      if (service?.spec.ports[0].port !== port || !peer) found.push(`${title(object)}: ${flag}: nothing serves ${name}:${port}`);
      else if (!allows(policies, "egress", mine, peer, port)) found.push(`${title(object)}: no policy lets it call ${name}:${port}`);
      else if (!allows(policies, "ingress", mine, peer, port)) found.push(`${title(object)}: no policy lets ${name}:${port} be called by it`);
    }
  }
  return found;
}

export const rules = {podSecurity, images, probes, references, network, stores, replicas};
