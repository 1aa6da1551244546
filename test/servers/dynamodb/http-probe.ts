/** Whether DynamoDB answers at `endpoint`: a request without a signature is refused with an error of its own. */
export async function answersDynamoDb(endpoint: string): Promise<boolean> {
  try {
    const reply = await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
    return reply.headers.has('x-amzn-requestid');
  } catch {
    return false;
  }
}
