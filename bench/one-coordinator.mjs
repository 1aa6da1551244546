// An experiment: the replicas of a partition are asked in the order of the ring, so that all its conditional writes go
// through one coordinator. The driver spreads them over the replicas at random.
import { policies } from 'cassandra-driver';

const { LoadBalancingPolicy } = policies.loadBalancing;

export class OneCoordinatorPolicy extends LoadBalancingPolicy {
  #client;
  #others;

  /** `others` says which hosts there are, and in what order those come that hold no copy. */
  constructor(others) {
    super();
    this.#others = others;
  }

  init(client, hosts, callback) {
    this.#client = client;
    this.#others.init(client, hosts, callback);
  }

  getDistance(host) {
    return this.#others.getDistance(host);
  }

  getOptions() {
    return this.#others.getOptions();
  }

  newQueryPlan(keyspace, options, callback) {
    const routingKey = options?.getRoutingKey();
    const replicas = routingKey ? this.#client.getReplicas(options.getKeyspace() ?? keyspace, routingKey) : [];
    this.#others.newQueryPlan(keyspace, options, (error, plan) => {
      if (error) callback(error);
      else callback(null, firstOf(replicas ?? [], plan));
    });
  }
}

function* firstOf(replicas, plan) {
  const up = replicas.filter((host) => host.isUp());
  yield* up;
  // The driver's plans are iterators, and no iterables.
  for (const host of { [Symbol.iterator]: () => plan }) if (!up.includes(host)) yield host;
}
