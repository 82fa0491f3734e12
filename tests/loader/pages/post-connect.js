// In a frame of the shop, beside the provider's: posts as itself what only the page around both may post.

target.postMessage({ farthing: 1, type: 'connect' }, '*', ports);
postMessage('posted', location.origin);
