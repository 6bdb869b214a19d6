/** The one line a website needs (see /demo/embed.html): puts the current version of the chat on the page. */
(() => {
  const script = document.currentScript;
  const place = () => {
    if (document.querySelector("cyber-care-chat")) return;
    const chat = document.createElement("cyber-care-chat");
    for (const [name, value] of Object.entries(script.dataset)) chat.setAttribute(name, value);
    document.body.append(chat);
  };
  // Should the chat itself not arrive, its most important number does.
  const fallback = (error) => {
    console.error("The Cyber Care chat could not be loaded.", error);
    const number = document.createElement("a");
    number.href = "tel:+3225525165";
    number.textContent = "Cyber Care 24/7: 02 552 51 65";
    number.style = "position: fixed; right: 20px; bottom: 20px; padding: 14px; background: #12525a; color: #fff; font: 600 16px sans-serif";
    document.body.append(number);
  };
  const begin = () => {
    place();
    import(new URL("./{{widget_version}}/cyber-care-chat.js", script.src)).catch(fallback);
  };
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})();
