// Sends the passcode without a new page: what is behind “Back” stays the shop's. Without this script the form is sent
// as forms are.
document.addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.sent) return;
  form.dataset.sent = 'yes';
  document.getElementById('unsent').hidden = true;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: 'POST', body });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const main = page.querySelector('main');
    if (!main) throw new Error('no page');
    document.querySelector('main').replaceWith(main);
    document.getElementById('passcode')?.focus();
  } catch {
    delete form.dataset.sent;
    document.getElementById('unsent').hidden = false;
  }
});
