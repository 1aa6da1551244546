// The update of order.mjs without a library.
import { changes, key, wanted } from './order.mjs';

const cql =
  'UPDATE "shop"."orders" SET "status" = ?, "version" = ?, "total" = ?, "updated_at" = ? WHERE "tenant_id" = ? AND "order_id" = ? ' +
  'IF "version" = ? AND "status" IN ? AND "total" >= ? AND "locked_until" < ?';

export function cqlValues() {
  const { status, version, total, updated_at } = changes();
  return {
    cql,
    parameters: [
      status,
      version,
      total,
      updated_at,
      key.tenant_id,
      key.order_id,
      wanted.version,
      wanted.statuses,
      wanted.total,
      wanted.lockedBefore,
    ],
  };
}

export function cqlBytes() {
  const { status, version, total, updated_at } = changes();
  return {
    cql,
    bytes: [
      Buffer.from(status),
      intBytes(version),
      doubleBytes(total),
      timestampBytes(updated_at),
      Buffer.from(key.tenant_id),
      Buffer.from(key.order_id),
      intBytes(wanted.version),
      listBytes(wanted.statuses.map((member) => Buffer.from(member))),
      doubleBytes(wanted.total),
      timestampBytes(wanted.lockedBefore),
    ],
  };
}

function intBytes(value) {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function doubleBytes(value) {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

function timestampBytes(value) {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(BigInt(value.getTime()));
  return bytes;
}

function listBytes(members) {
  return Buffer.concat([intBytes(members.length), ...members.flatMap((member) => [intBytes(member.length), member])]);
}

export function dynamoDbInput() {
  const { status, version, total, updated_at } = changes();
  return {
    TableName: 'orders',
    Key: { tenant_id: { S: key.tenant_id }, order_id: { S: key.order_id } },
    UpdateExpression: 'SET #s = :s, #v = :v, #t = :t, #u = :u',
    ConditionExpression: 'attribute_exists(#k) AND #v = :w AND #s IN (:a, :b) AND #t >= :m AND #l < :n',
    ExpressionAttributeNames: {
      '#s': 'status',
      '#v': 'version',
      '#t': 'total',
      '#u': 'updated_at',
      '#k': 'tenant_id',
      '#l': 'locked_until',
    },
    ExpressionAttributeValues: {
      ':s': { S: status },
      ':v': { N: String(version) },
      ':t': { N: String(total) },
      ':u': { N: String(updated_at.getTime()) },
      ':w': { N: String(wanted.version) },
      ':a': { S: wanted.statuses[0] },
      ':b': { S: wanted.statuses[1] },
      ':m': { N: String(wanted.total) },
      ':n': { N: String(wanted.lockedBefore.getTime()) },
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}
