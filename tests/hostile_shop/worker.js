// Tells the page of every request that it is asked about.
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  event.waitUntil((async () => {
    const { request } = event;
    const body = await request.clone().text().catch(() => '');
    const data = `${request.method} ${request.url} ${request.destination} ${JSON.stringify([...request.headers])} ${body}`;
    for (const client of await clients.matchAll({ includeUncontrolled: true })) client.postMessage(data);
  })());
});
