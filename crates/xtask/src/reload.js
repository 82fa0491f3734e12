// Reloads the frame when trunk has built it anew. Only pages built by `trunk serve` carry it.
new WebSocket(document.currentScript.dataset.socket).onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === "reload") location.reload();
  else console.error("The frame did not build:", message.data?.reason);
};
