// Looking into objects of Kubernetes.

export const of = (objects, kind) => objects.filter((object) => object.kind === kind);
export const named = (objects, kind, name) => of(objects, kind).find((object) => object.metadata.name === name);
export const title = (object) => `${object.kind} ${object.metadata.name}`;
export const podSpecOf = (object) => object.spec?.template?.spec;
export const labelsOf = (object) => object.spec.template.metadata.labels;

export function containersOf(object) {
  const pod = podSpecOf(object);
  return pod ? [...(pod.initContainers ?? []), ...pod.containers] : [];
}

export const subset = (wanted, labels) => Object.entries(wanted ?? {}).every(([key, value]) => labels?.[key] === value);

// Whether a label selector takes a pod with `labels`; of operators it knows In.
export function selects(selector, labels) {
  const meets = ({key, operator, values}) => operator === "In" && values.includes(labels?.[key]);
  return Boolean(selector) && subset(selector.matchLabels, labels) && (selector.matchExpressions ?? []).every(meets);
}

// Flags of a container: name to value, undefined where there is none.
export const flagsOf = (container) => new Map((container.args ?? []).map((flag) => flag.split(/=(.*)/s).slice(0, 2)));
export const portOf = (address) => Number(address.slice(address.lastIndexOf(":") + 1));

// Whether the policies let pods with `from` call `port` of pods with `to`, as far as `direction` ("egress" or "ingress") is concerned.
export function allows(policies, direction, from, to, port) {
  const [mine, other, peers] = direction === "egress" ? [from, to, "to"] : [to, from, "from"];
  return policies.some(({spec}) => selects(spec.podSelector, mine) &&
    spec[direction]?.some((rule) => rule.ports?.some((entry) => entry.port === port) &&
      rule[peers]?.some((peer) => peer.podSelector && selects(peer.podSelector, other))));
}
