// A stretch of network between the phone and the server, where things go wrong on purpose and everything is counted.

import { once } from 'node:events';
import http from 'node:http';

/**
 * Listens at an address of its own and passes everything on to `site`. `net.rule` is asked about each request: it
 * answers nothing (pass on), `{status, headers, body}` (answered here), `'hang'`, `'cut'` (the line breaks before the
 * server is asked) or `'lose'` (the server is asked, and its answer is lost). While `net.off` is set nothing goes through.
 */
export async function proxy(site) {
  const net = { rule: () => null, seen: [], site, url: '', off: false };
  const sockets = new Set();
  const server = http.createServer(async (request, response) => {
    if (net.off) return request.socket.destroy();
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const path = request.url.split('?')[0];
    const seen = { method: request.method, path, body, at: Date.now() };
    net.seen.push(seen);
    const verdict = net.rule(seen) ?? null;
    if (verdict === 'hang') return;
    if (verdict === 'cut') return request.socket.destroy();
    if (verdict && verdict !== 'lose') return response.writeHead(verdict.status ?? 200, verdict.headers ?? {}).end(verdict.body ?? '');
    const to = new URL(net.site.url);
    const onward = http.request({ host: to.hostname, port: to.port, method: request.method, path: request.url, headers: request.headers }, async (answer) => {
      if (verdict === 'lose') {
        answer.resume();
        await once(answer, 'end');
        return request.socket.destroy();
      }
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => request.socket.destroy());
    onward.end(body);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A test that fails before it closes this must not keep the whole run waiting.
  server.unref();
  net.url = `http://127.0.0.1:${server.address().port}`;
  net.tag = site.tag;
  /** The ids of all envelopes that were sent so far, in order. */
  net.envelopes = () =>
    net.seen
      .filter((r) => r.path === '/api/v1/sync')
      .flatMap((r) => JSON.parse(r.body.toString()).envelopes.map((e) => e.id));
  net.close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return net;
}
