/**
 * The one line a website needs: <script src="https://…/widget/loader.js" data-language="nl" defer></script>.
 *
 * Brings the current version of the chat from where this file came from and puts it on the page.
 * Attributes: data-language (en, nl, fr; else that of the page), data-server (else where this file came from).
 */
(() => {
  const script = document.currentScript;
  const { language, server } = script.dataset;
  const place = () => {
    if (document.querySelector("cyber-care-chat")) return;
    const chat = document.createElement("cyber-care-chat");
    chat.setAttribute("language", language || document.documentElement.lang);
    if (server) chat.setAttribute("server", server);
    document.body.append(chat);
  };
  import(new URL("./current/cyber-care-chat.js", script.src)).then(place, (error) => {
    console.error("The Cyber Care chat could not be loaded.", error);
  });
})();
